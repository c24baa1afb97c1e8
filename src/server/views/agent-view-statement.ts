import { providerOf } from '../queue/room-media.ts';
import {
  CALL_END,
  JOIN,
  MOMENT,
  ROOM_VIEW,
  SKILL,
  TALK_SECONDS,
  VISITOR_CARD,
  ms,
} from './view-columns.ts';

const OFFER = `
  select json_build_object('id', o.id, 'callId', c.id, 'visitor', ${VISITOR_CARD}, 'skill', ${SKILL},
           'requestedAt', ${ms('c.requested_at')}, 'offeredAt', ${ms('o.offered_at')},
           'deadline', ${ms('o.deadline')}, 'why', o.why) as offer
    from offers o
    join calls c on c.id = o.call_id
    join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
   where o.agent_id = a.id and o.state = 'active'
   order by o.offered_at desc limit 1`;

const CALL = `
  select json_build_object('id', c.id, 'state', c.state, 'visitor', ${VISITOR_CARD}, 'skill', ${SKILL},
           'requestedAt', ${ms('c.requested_at')}, 'acceptedAt', ${ms('c.accepted_at')},
           'connectedAt', ${ms('c.connected_at')},
           'visitorOnline', exists (select from connections x where x.call_id = c.id and x.role = 'visitor'),
           'room', ${ROOM_VIEW}) as call,
         (select ${JOIN} from participants p
           where p.room = c.room and p.role = 'agent' and p.agent_id = a.id and p.left_at is null
             -- While another tab is in the room with this join, it is nobody's to enter with.
             and not exists (select from connections x where x.id = p.connection_id and not x.in_charge)
           order by p.issued_at desc, p.id limit 1) as join
    from calls c
    join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
    join rooms r on r.number = c.room
   where c.agent_id = a.id and c.ended_at is null and c.state in ('accepted', 'ready', 'connected')
   order by c.accepted_at desc limit 1`;

const WRAP_UP = `
  select json_build_object('callId', c.id, 'visitor', ${VISITOR_CARD}, 'skill', ${SKILL}, 'room', c.room,
           'ended', ${CALL_END}, 'until', ${ms('a.wrap_up_until')}) as wrap_up
    from calls c join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
   where c.id = a.wrap_up_call and a.wrap_up_until > clock_timestamp() and c.ended_at is not null`;

/**
 * Today is since midnight in the database's time zone. Each closed offer counts once; an accepted one
 * that came to no talk (the room was not entered, the call went on to somebody else, or to a later offer of
 * the same agent's) was withdrawn. The newest
 * fifty are cut out of an array: a window over them took half the time of an agent's whole view.
 */
const TODAY = `
  select json_build_object(
      'talked', count(*) filter (where t.outcome = 'talked'),
      'missed', count(*) filter (where t.outcome = 'missed'),
      'declined', count(*) filter (where t.outcome = 'declined'),
      'averageSeconds', coalesce(round(avg(t.seconds) filter (where t.outcome = 'talked')), 0),
      'calls', coalesce(to_json((array_agg(json_build_object(
          'id', t.id, 'visitorName', t.visitor_name, 'skill', t.skill, 'at', t.at,
          'outcome', t.outcome, 'reason', t.reason, 'seconds', t.seconds)
        order by t.at desc, t.offer_id))[1:50]), '[]')) as today
    from (
      select o.id as offer_id, c.id, c.visitor_name, ${SKILL} as skill, ${ms('o.offered_at')} as at,
             case when o.state <> 'accepted' then o.state
                  when own.talk is not true then 'withdrawn'
                  when c.ended_at is null then null
                  when c.connected_at is not null then 'talked'
                  else 'withdrawn' end as outcome,
             case when c.ended_at is not null then c.ended_reason end as reason,
             case when own.talk then ${TALK_SECONDS} else 0 end as seconds
        from offers o
        join calls c on c.id = o.call_id
        join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
        cross join lateral (
          select o.state = 'accepted' and c.agent_id = a.id and o.closed_at >= c.accepted_at as talk) own
       where o.agent_id = a.id and o.state <> 'active' and o.offered_at >= date_trunc('day', now())
       -- A fence: without it each count would work out every row's outcome for itself.
       offset 0) t
   where t.outcome is not null`;

/** One row for each agent of `$1`; `$2`: whether rooms may be made for TRTC. It is all of the view but the list of those who wait. */
export const READ_AGENTS = `
  select ${MOMENT}, a.id, a.username, a.name, a.status, ${ms('a.status_since')} as status_since,
         a.missed_in_row, json_build_object('id', s.id, 'name', s.name, 'media', ${providerOf('$2')}) as site,
         (select coalesce(json_agg(${SKILL} order by g.position, g.id), '[]')
            from agent_groups ag join skill_groups g on g.site_id = ag.site_id and g.id = ag.group_id
           where ag.agent_id = a.id) as groups,
         (select coalesce(json_agg(json_build_object('id', x.id, 'inCharge', x.in_charge)), '[]')
            from connections x where x.agent_id = a.id and x.role = 'agent') as tabs,
         offer.offer, call.call, call.join, wrap_up.wrap_up, today.today
    from agents a
    join sites s on s.id = a.site_id
    left join lateral (${OFFER}) offer on true
    left join lateral (${CALL}) call on true
    left join lateral (${WRAP_UP}) wrap_up on true
    left join lateral (${TODAY}) today on true
   where a.id = any($1::uuid[])`;

/**
 * The first hundred that wait, of each group of the agents of `$1`. Params stay out of the list: they
 * are told with the offer, and a hundred of them would make every snapshot a heavy one.
 */
export const READ_WAITING = `
  select g.site_id, g.id as group_id, line.priority, line.waiting
    from (select distinct site_id, group_id from agent_groups where agent_id = any($1::uuid[])) mine
    join skill_groups g on g.site_id = mine.site_id and g.id = mine.group_id
    cross join lateral (
      select c.priority, json_build_object('id', c.id, 'skill', ${SKILL},
               'visitor', json_build_object('name', c.visitor_name, 'verified', c.visitor_id is not null,
                 'id', c.visitor_id, 'params', '{}'::json, 'page', c.page, 'language', c.language),
               'requestedAt', ${ms('c.requested_at')}, 'state', c.state,
               'position', row_number() over (order by c.priority desc, c.requested_at, c.id)) as waiting
        from calls c
       where c.site_id = g.site_id and c.group_id = g.id and c.accepted_at is null and c.ended_at is null
       order by c.priority desc, c.requested_at, c.id
       limit 100) line`;
