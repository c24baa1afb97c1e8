import type { GroupQueueView, WaitingCallView } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import { MOMENT, ms, SKILL } from '../views/view-columns.ts';

/** The calls that wait in some groups of a site, as the agents of exactly these groups see them. */
export interface QueueRow {
  readonly rev: number;
  /** The database's clock, ms since 1970. */
  readonly now: number;
  readonly waiting: readonly WaitingCallView[];
  readonly queues: readonly GroupQueueView[];
}

/** Names the queue that the agents of these groups see: all agents of the same groups share one. */
export function queueKey(site: string, groups: readonly { readonly id: string }[]): string {
  const ids = groups.map(({ id }) => id).sort();
  return `${site}/${ids.join(',')}`;
}

const MAX_SHOWN = 100;
const MAX_SHOWN_WITH_PARAMS = 20;
const MAX_SHOWN_PARAMS = 3;
/** Of a param's value, in characters. */
const MAX_SHOWN_VALUE = 60;

/**
 * The first hundred calls of each queue, in the order in which they are served. `position` counts within the call's
 * own group. Of the params only the first few of the first calls are read: a hundred calls with all of theirs would make
 * every snapshot heavy, and the offer tells them.
 */
const READ = `
  select ${MOMENT}, asked.key, coalesce((
      select json_agg(json_build_object(
               'id', w.id, 'visitor', json_build_object(
                 'name', w.visitor_name, 'verified', w.visitor_id is not null,
                 'params', w.shown, 'paramWords',
                 case when w.param_labels <> '[]' then param_words(w.param_labels, w.shown) else '{}' end),
               'skill', w.skill, 'requestedAt', ${ms('w.requested_at')}, 'state', w.state, 'position', w.position)
             order by w.priority desc, w.requested_at, w.id)
        from (
          select q.*, site.param_labels, case when q.place <= ${MAX_SHOWN_WITH_PARAMS} then coalesce((
                   select json_object_agg(e.key, left(e.value, ${MAX_SHOWN_VALUE}) order by e.number)
                     from json_each_text(q.params) with ordinality as e (key, value, number)
                    where e.number <= ${MAX_SHOWN_PARAMS}), '{}') else '{}' end as shown
            from (
          select c.*, ${SKILL} as skill,
                 row_number() over (partition by c.group_id order by c.priority desc, c.requested_at, c.id) as position,
                 row_number() over (order by c.priority desc, c.requested_at, c.id) as place
            from calls c join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
           where c.site_id = split_part(asked.key, '/', 1)
             and c.group_id = any(string_to_array(split_part(asked.key, '/', 2), ','))
             and c.state in ('queued', 'offered')
           order by c.priority desc, c.requested_at, c.id
           limit ${MAX_SHOWN}) q
            join sites site on site.id = q.site_id) w), '[]') as waiting,
         (select coalesce(json_agg(json_build_object('skill', ${SKILL}, 'waiting', q.waiting, 'oldest', ${ms('q.oldest')})
                                   order by g.position, g.id), '[]')
            from skill_groups g
            cross join lateral (
              select count(*) as waiting, min(c.requested_at) as oldest from calls c
               where c.site_id = g.site_id and c.group_id = g.id and c.state in ('queued', 'offered')) q
           where g.site_id = split_part(asked.key, '/', 1)
             and g.id = any(string_to_array(split_part(asked.key, '/', 2), ','))) as queues
    from unnest($1::text[]) as asked (key)`;

/** Reads the queues of these keys (`queueKey`) in one statement, each once. */
export async function readQueues(
  db: Queryable,
  keys: Iterable<string>,
): Promise<ReadonlyMap<string, QueueRow>> {
  const asked = [...new Set(keys)];
  if (asked.length === 0) return new Map();
  const { rows } = await db.query<Omit<QueueRow, 'rev'> & { key: string; rev: string }>(READ, [
    asked,
  ]);
  return new Map(rows.map(({ key, rev, ...row }) => [key, { ...row, rev: Number(rev) }]));
}
