import type { TodayView } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import { LEG_TALK_SECONDS, MIDNIGHT, ms } from '../views/view-columns.ts';

/** Legs shown of a day. */
const MAX_SHOWN = 50;

/** For the row `a` of agents: the legs that were offered since midnight and are over. */
const OVER_TODAY = `
  l.agent_id = a.id and l.state not in ('offered', 'accepted', 'joined') and l.offered_at >= ${MIDNIGHT}`;

/**
 * For the row `a` of agents on the row `s` of sites: a text that changes when the agent's `TodayView` changes. A leg
 * that is over stays over, a call that has ended stays so, and so does a wrap-up: counting them is enough. Dispositions
 * change, so that their hashes are added.
 */
export const TODAY_KEY = `
  select concat_ws(' ', ${MIDNIGHT}, count(*), count(c.ended_at), count(l.closed_at),
                   sum(hashtext(l.disposition)::bigint))
    from legs l join calls c on c.id = l.call_id
   where ${OVER_TODAY}`;

// A leg that was accepted and came to no talk counts as withdrawn.
const READ = `
select a.id, today.view
  from agents a
  join sites s on s.id = a.site_id
 cross join lateral (
  select json_build_object(
           'talked', count(*) filter (where t.outcome = 'talked'),
           'missed', count(*) filter (where t.outcome = 'missed'),
           'declined', count(*) filter (where t.outcome = 'declined'),
           'talkSeconds', coalesce(sum(t.seconds) filter (where t.outcome = 'talked'), 0),
           'handlingSeconds', coalesce(round(avg(t.handling) filter (where t.outcome = 'talked')), 0),
           'calls', coalesce(json_agg(json_build_object(
               'id', t.call_id, 'visitorName', t.visitor_name,
               'skill', json_build_object('id', t.group_id, 'name', t.group_name), 'at', ${ms('t.offered_at')},
               'outcome', t.outcome, 'reason', t.ended_reason, 'seconds', t.seconds,
               'disposition', t.disposition)
             order by t.offered_at desc, t.id) filter (where t.place <= ${MAX_SHOWN}), '[]')) as view
    from (
      select l.id, l.call_id, l.offered_at, c.visitor_name, g.id as group_id, g.name as group_name, c.ended_reason,
             case when l.state not in ('left', 'closed') then l.state
                  when talk.seconds >= 0 then 'talked' else 'withdrawn' end as outcome,
             greatest(coalesce(talk.seconds, 0), 0) as seconds,
             extract(epoch from coalesce(l.closed_at, l.left_at) - l.accepted_at) as handling,
             (select d.label from dispositions d where d.site_id = l.site_id and d.code = l.disposition) as disposition,
             row_number() over (order by l.offered_at desc, l.id) as place
        from legs l
        join calls c on c.id = l.call_id
        join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
        cross join lateral (
          select case when l.joined_at is not null and c.connected_at is not null
                      then floor(${LEG_TALK_SECONDS})::int end as seconds) talk
       where ${OVER_TODAY}) t) today
 where a.id = any ($1::uuid[])`;

/** Reads the agents' days, by agent id: the figures, and the last 50 legs. Some 0.01 ms for each leg of a day. */
export async function readToday(
  db: Queryable,
  agentIds: readonly string[],
): Promise<ReadonlyMap<string, TodayView>> {
  if (agentIds.length === 0) return new Map();
  const { rows } = await db.query<{ readonly id: string; readonly view: TodayView }>(READ, [
    [...new Set(agentIds)],
  ]);
  return new Map(rows.map(({ id, view }) => [id, view]));
}
