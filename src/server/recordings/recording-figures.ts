import type { Queryable } from '../database/database.ts';

export interface RecordingFigures {
  /** Recordings that are not finished, by state. Every state has an entry. */
  readonly recordings: Readonly<Record<string, number>>;
  /** Connected calls that are to be recorded always, and are not. */
  readonly unrecorded: number;
  /** Files by what is still to be done in the object store, and of these the ones whose last attempt failed. */
  readonly storage: Readonly<
    Record<'moving' | 'move-failed' | 'deleting' | 'delete-failed', number>
  >;
}

const STATES = [
  'asked',
  'recording',
  'paused',
  'refused',
  'stopped',
  'failed',
  'uploading',
  'joining',
];

const STORAGE = `
select count(*) filter (where f.what = 'move')::int as moving,
       count(*) filter (where f.what = 'move' and f.failure is not null)::int as "move-failed",
       count(*) filter (where f.what = 'delete')::int as deleting,
       count(*) filter (where f.what = 'delete' and f.failure is not null)::int as "delete-failed"
  from (select 'move' as what, move_failure as failure from recording_files where moved_at is null and $1
        union all select 'delete', failure from recording_object_deletions) f`;

/** What an operator watches, over all sites. `moves`: whether files are moved to an object store. */
export async function readRecordingFigures(
  db: Queryable,
  moves: boolean,
): Promise<RecordingFigures> {
  const stored = await db.query<RecordingFigures['storage']>(STORAGE, [moves]);
  const { rows } = await db.query<{ name: string; count: number; unrecorded: number }>(
    `select case when c.ended_at is null then r.state when r.file_state = 'joining' then 'joining'
                 else 'uploading' end as name,
            count(*)::int as count,
            (count(*) filter (where c.state = 'connected' and r.rule ->> 'mode' = 'always'
                                and r.state in ('failed', 'refused')))::int as unrecorded
       from recordings r join calls c on c.id = r.call_id
      where r.file_state in ('open', 'joining') group by 1`,
    [],
  );
  return {
    recordings: Object.fromEntries(
      STATES.map((state) => [state, rows.find(({ name }) => name === state)?.count ?? 0]),
    ),
    storage: stored.rows[0]!,
    unrecorded: rows.reduce((sum, { unrecorded }) => sum + unrecorded, 0),
  };
}
