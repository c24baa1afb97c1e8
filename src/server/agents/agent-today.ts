import { ms } from '../views/view-columns.ts';

/** Legs shown of a day. */
const MAX_SHOWN = 50;

// While both were there: the agent in the room, and the call connected.
const TALK = `extract(epoch from least(l.left_at, c.ended_at) - greatest(l.joined_at, c.connected_at))`;

/**
 * The `TodayView` of the row `a` of agents on the row `s` of sites: the legs that were offered since midnight in the
 * site's time zone and are over. A leg that was accepted and came to no talk counts as withdrawn. The whole day is
 * read each time, for some 0.01 ms a leg.
 */
export const TODAY = `
  select json_build_object(
           'talked', count(*) filter (where t.outcome = 'talked'),
           'missed', count(*) filter (where t.outcome = 'missed'),
           'declined', count(*) filter (where t.outcome = 'declined'),
           'averageSeconds', coalesce(round(avg(t.seconds) filter (where t.outcome = 'talked')), 0),
           'calls', coalesce(json_agg(json_build_object(
               'id', t.call_id, 'visitorName', t.visitor_name,
               'skill', json_build_object('id', t.group_id, 'name', t.group_name), 'at', ${ms('t.offered_at')},
               'outcome', t.outcome, 'reason', t.ended_reason, 'seconds', t.seconds)
             order by t.offered_at desc, t.id) filter (where t.place <= ${MAX_SHOWN}), '[]'))
    from (
      select l.id, l.call_id, l.offered_at, c.visitor_name, g.id as group_id, g.name as group_name, c.ended_reason,
             case when l.state not in ('left', 'closed') then l.state
                  when talk.seconds >= 0 then 'talked' else 'withdrawn' end as outcome,
             greatest(coalesce(talk.seconds, 0), 0) as seconds,
             row_number() over (order by l.offered_at desc, l.id) as place
        from legs l
        join calls c on c.id = l.call_id
        join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
        cross join lateral (
          select case when l.joined_at is not null and c.connected_at is not null
                      then floor(${TALK})::int end as seconds) talk
       where l.agent_id = a.id and l.state not in ('offered', 'accepted', 'joined')
         and l.offered_at >= date_trunc('day', now() at time zone s.time_zone) at time zone s.time_zone) t`;
