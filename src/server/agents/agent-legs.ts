import type { LegView, MediaProvider } from '../../protocol/views.ts';
import { DEVICE_REPORT } from '../calls/device-report.ts';
import type { Tickets } from '../rooms/tickets.ts';
import { roomView, type RoomRow } from '../views/room-row.ts';
import {
  CALL_END,
  ms,
  roomRow,
  SKILL,
  TICKET_HOLDER,
  VISITOR_CARD,
} from '../views/view-columns.ts';
import { TAGS } from '../wrap-up/call-outcome.ts';
import { WRAP_UP_BOUND } from '../wrap-up/wrap-up-time.ts';

/** A leg as the agent's view reads it. Only the active tab gets the tickets of its rooms. */
export interface LegRow extends Omit<LegView, 'rooms'> {
  readonly callback: NonNullable<LegView['call']['callback']> | null;
  /** ms since 1970; null while the visitor has not left. */
  readonly visitorLeftUntil: number | null;
  readonly deviceReport: NonNullable<LegView['call']['deviceReport']> | null;
  /** Null: nothing was recorded or asked. */
  readonly recording: NonNullable<LegView['call']['recording']> | null;
  readonly mayRecord: boolean;
  readonly rooms: readonly RoomRow[];
  /** ms since 1970; null while the agent is in the call. */
  readonly leftAt: number | null;
}

// A participant that is in the room through another tab, which is not the active one, opens no ticket here.
const HOLDER = `(
  select ${TICKET_HOLDER} from participants p
   where p.room = r.number and p.leg_id = l.id and p.left_at is null and l.state <> 'left'
     and not exists (select from connections x where x.id = p.connection_id and not x.active_tab)
   order by p.issued_at desc, p.id limit 1)`;

/** The open rooms in which the leg has a participant; in wrap-up, all rooms in which it had one. */
const ROOMS = `coalesce((
  select json_agg(${roomRow(HOLDER)} order by r.created_at, r.number)
    from rooms r
   where (l.state = 'left' or r.closed_at is null)
     and exists (select from participants p
                  where p.room = r.number and p.leg_id = l.id and (l.state = 'left' or p.left_at is null))), '[]')`;

/** A `WrapUpView` of the leg `l`; null outside of the wrap-up. */
const WRAP_UP = `case when l.state = 'left' then (
  select json_build_object(
           'maxUntil', ${ms(WRAP_UP_BOUND)}, 'dispositionRequired', g.disposition_required,
           'disposition', l.disposition, 'tags', ${TAGS},
           'note', coalesce((select n.text from call_notes n where n.call_id = c.id and n.agent_id = l.agent_id
                              order by n.version desc limit 1), ''))
    from skill_groups g where g.site_id = l.site_id and g.id = l.group_id) end`;

/** A `CallRecordingView` of the row `c` of calls. */
const RECORDING = `(
  select json_strip_nulls(json_build_object(
           'id', r.id, 'state', r.state, 'since', ${ms('r.state_since')}, 'by', nullif(r.recorder, 'browser'),
           'mandatory', nullif(recording_rule(c.site_id, c.group_id, c.recording_mode) ->> 'mode' = 'always', false)))
    from recordings r where r.call_id = c.id)`;

/** What the agent is told of a callback; null for a call that the visitor made. */
const CALLBACK = `case when c.callback_id is not null then (
  select json_build_object('contact', f.contact, 'text', f.text, 'attempt', b.attempts + 1)
    from callbacks b join follow_ups f on f.id = b.id where b.id = c.callback_id) end`;

/**
 * `LegRow`s for the row `a` of agents: the legs that are not over, in the order of their offers. A wrap-up is over
 * when its time is: matching offers the agent the next call then, and the sweep closes the leg later.
 */
export const LEGS = `
  select coalesce(json_agg(json_build_object(
           'id', l.id, 'kind', l.kind, 'state', l.state,
           'owner', c.owner_leg_id is not distinct from l.id,
           'call', json_build_object(
             'id', c.id, 'state', c.state, 'visitor', ${VISITOR_CARD}, 'skill', ${SKILL},
             'requestedAt', ${ms('c.requested_at')}, 'connectedAt', ${ms('c.connected_at')},
             'visitorOnline', exists (select from connections x where x.call_id = c.id),
             'visitorHidden', c.visitor_hidden,
             'ended', ${CALL_END}),
           'callback', ${CALLBACK}, 'deviceReport', ${DEVICE_REPORT}, 'visitorLeftUntil', ${ms('c.visitor_left_until')},
           'recording', ${RECORDING},
           'mayRecord', c.state = 'connected' and c.owner_leg_id = l.id
                        and recording_rule(c.site_id, c.group_id, c.recording_mode) ->> 'mode' <> 'off',
           'reason', l.reason,
           'offeredAt', ${ms('l.offered_at')}, 'deadline', ${ms('l.deadline')},
           'acceptedAt', ${ms('l.accepted_at')}, 'leftAt', ${ms('l.left_at')}, 'wrapUpUntil', ${ms('l.wrap_up_until')},
           'wrapUp', ${WRAP_UP},
           'rooms', ${ROOMS}) order by l.offered_at, l.id), '[]')
    from legs l
    join calls c on c.id = l.call_id
    join skill_groups g on g.site_id = c.site_id and g.id = c.group_id
    left join visitors v on v.id = c.visitor_id
   where l.agent_id = a.id
     and (l.state in ('offered', 'accepted', 'joined') or (l.state = 'left' and l.wrap_up_until > now()))`;

export async function legView(
  {
    rooms,
    leftAt: _,
    callback,
    visitorLeftUntil,
    deviceReport,
    recording,
    mayRecord,
    call,
    ...leg
  }: LegRow,
  tickets: Tickets,
  now: number,
  media: MediaProvider,
): Promise<LegView> {
  const shown = await Promise.all(rooms.map((room) => roomView(room, tickets, now)));
  const prepares = leg.state === 'offered' && leg.kind === 'first' && media === 'mesh';
  const iceServers = prepares ? tickets.iceServers(leg.id, now) : undefined;
  return {
    ...leg,
    call: {
      ...call,
      ...(callback && { callback }),
      ...(visitorLeftUntil !== null && { visitorLeftUntil }),
      ...(deviceReport && { deviceReport }),
      ...(recording && { recording }),
      ...(mayRecord && { mayRecord }),
    },
    ...(iceServers && { iceServers }),
    rooms: shown,
  };
}
