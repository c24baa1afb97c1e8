import { providerOf } from '../rooms/room-media.ts';
import { offersOfToday } from './agent-today.ts';
import {
  CALL_END,
  JOIN,
  LAST_WORD,
  MOMENT,
  ROOM_VIEW,
  SKILL,
  VISITOR_CARD,
  ms,
} from '../database/view-columns.ts';

// Whoever holds more than their calls holds an offer: else their offers of all days would be gone through for one.
const OFFER = `
  select json_build_object('id', o.id, 'callId', c.id, 'visitor', ${VISITOR_CARD}, 'skill', ${SKILL},
           'requestedAt', ${ms('c.requested_at')}, 'offeredAt', ${ms('o.offered_at')},
           'deadline', ${ms('o.deadline')}, 'why', o.why) as offer
    from offers o
    join calls c on c.id = o.call_id
    join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
   where o.agent_id = a.id and o.closed_at is null
     and a.load > (select count(*) from calls held where held.agent_id = a.id and held.ended_at is null)
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
 * One row for each tab: `$1` the connections, `$2` their agents, `$3` from when on their offers of today are asked for
 * (ms since 1970; null: all), `$5` the rooms that they are in. `$4`: whether rooms may be made for TRTC.
 */
export const READ_OWN = `
  select ${MOMENT}, asked.connection, a.id, a.username, a.name, a.status, ${ms('a.status_since')} as status_since,
         a.missed_in_row, json_build_object('id', s.id, 'name', s.name, 'media', ${providerOf('$4')}) as site,
         (select coalesce(json_agg(${SKILL} order by g.position, g.id), '[]')
            from agent_groups ag join skill_groups g on g.site_id = ag.site_id and g.id = ag.group_id
           where ag.agent_id = a.id) as groups,
         (select coalesce(json_agg(json_build_object('id', x.id, 'inCharge', x.in_charge)), '[]')
            from connections x where x.agent_id = a.id and x.role = 'agent') as tabs,
         (select ${LAST_WORD} from rooms r where r.number = asked.entered) as last_word,
         offer.offer, call.call, call.join, wrap_up.wrap_up,
         ${ms("date_trunc('day', now())")} as midnight, (${offersOfToday('asked.since')}) as today
    from unnest($1::uuid[], $2::uuid[], $3::float8[], $5::int[])
           as asked (connection, agent_id, since, entered)
    join agents a on a.id = asked.agent_id
    join sites s on s.id = a.site_id
    left join lateral (${OFFER}) offer on true
    left join lateral (${CALL}) call on true
    left join lateral (${WRAP_UP}) wrap_up on true`;
