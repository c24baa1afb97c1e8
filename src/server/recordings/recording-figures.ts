import type { Queryable } from '../database/database.ts';

export interface RecordingFigures {
  /** Recordings that are not finished, by state. Every state has an entry. */
  readonly recordings: Readonly<Record<string, number>>;
  /** Connected calls that are to be recorded always, and are not. */
  readonly unrecorded: number;
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

/** What an operator watches, over all sites. */
export async function readRecordingFigures(db: Queryable): Promise<RecordingFigures> {
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
    unrecorded: rows.reduce((sum, { unrecorded }) => sum + unrecorded, 0),
  };
}
