import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { Database } from '../database/database.ts';
import { notifyCalls } from '../calls/call-change.ts';
import { entering } from './let-in.ts';
import { letVisitorIn } from '../tencent/confirm-agent-inside.ts';
import { participantId } from './participant-id.ts';

export interface Entering {
  readonly room: number;
  readonly participant: string;
  /** The socket that says so; from now on it is this participant's. */
  readonly connectionId: string;
  /** Whose join it has to be: of the visitor of this call, of this agent, this very one of a guest. Default: anyone's. */
  readonly of?: JoinOwner | undefined;
}

/** The id of a `JoinOwner`, for the row `p` of participants in the row `r` of rooms. */
export const JOIN_OWNER = `
  case p.role when 'visitor' then r.call_id::text when 'agent' then p.agent_id::text else p.id end`;

export interface JoinOwner {
  readonly role: 'visitor' | 'agent' | 'guest';
  /** The call's, the agent's or the participant's id; null owns nothing. */
  readonly id: string | null;
}

export interface EnteredRoom {
  /** Null in a room that is not a call's. */
  readonly callId: string | null;
  /** The call's state by now; `accepted` while TRTC's word about the agent is still to come. */
  readonly state: 'accepted' | 'ready' | 'connected' | null;
  /** The last message of the room's conversation when it was entered; later ones are still to be delivered. */
  readonly chatSequence: number;
}

interface Row {
  readonly full: boolean;
  readonly entered: boolean;
  /** The agent's own word, where TRTC's has to come too. */
  readonly unconfirmed: boolean;
  readonly call_id: string | null;
  readonly state: 'accepted' | 'ready' | 'connected' | null;
  readonly site_id: string | null;
  readonly group_id: string | null;
  readonly agent_id: string | null;
  readonly chat_sequence: number;
}

// `locked` waits for whoever moves the call at this moment, and then sees whether its room is still this
// one: what went back to the queue or ended can no longer be entered.
const ENTER = `
with asked as materialized (
  select * from unnest($1::text[], $2::int[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[])
    as a (key, room, participant, connection_id, visitor_join, owner_role, owner)),
own as materialized (
  select a.*, p.role, p.agent_id, r.call_id, r.chat_sequence,
         r.provider = 'trtc' and r.witnessed as witnessed,
         r.provider = 'peer' and p.entered_at is null and (
           select count(*) from participants o
            where o.room = p.room and o.entered_at is not null and o.left_at is null
         ) >= ${limits.meshParticipants} as full
    from asked a join participants p on p.id = a.participant join rooms r on r.number = p.room
   where p.room = a.room and p.left_at is null and r.closed_at is null
     and exists (select from connections x where x.id = a.connection_id)
     and (a.owner_role is null or p.role = a.owner_role and a.owner = ${JOIN_OWNER})),
locked as materialized (
  select c.id from calls c join own o on o.call_id = c.id
   where c.room = o.room and (
     c.state in ('ready', 'connected') or (c.state = 'accepted' and o.role = 'agent'))
   order by c.id for update of c),
inside as materialized (
  select o.* from own o
   where not o.full and (o.call_id is null or o.call_id in (select id from locked))),
counted as materialized (
  select * from inside where not (role = 'agent' and witnessed)),
${entering('counted')},
entered as (
  update participants p set entered_at = coalesce(p.entered_at, now()), connection_id = i.connection_id from inside i
   where p.id = i.participant and p.left_at is null returning p.id)
select o.key, o.full, o.role = 'agent' and o.witnessed as unconfirmed,
       o.participant in (select id from entered) as entered, o.call_id,
       coalesce(m.state, c.state) as state, c.site_id, c.group_id, c.agent_id, o.chat_sequence
  from own o left join calls c on c.id = o.call_id left join moved m on m.id = o.call_id`;

/**
 * Somebody is in the room. The agent's entering makes the call `ready` and, in the same transaction,
 * the visitor's join; the visitor's makes it `connected`. In a witnessed room the agent's word alone moves
 * nothing: TRTC's has to come too, before or after (record-sighting.ts). Entering again changes nothing. Rejects with
 * `room-full`, and with `conflict` where the join, the room or the connection no longer counts, or is not `of` whom
 * it has to be.
 */
export async function enterRoom(db: Database, entering: Entering): Promise<EnteredRoom> {
  const { room, participant, connectionId, of } = entering;
  const row = await db.batch<Row>(ENTER, String(room), [
    room,
    participant,
    connectionId,
    participantId(),
    of?.role ?? null,
    of?.id ?? null,
  ]);
  if (row?.full) throw new RtcDeskError('room-full', 'The room is full.');
  if (!row?.entered) throw new RtcDeskError('conflict', 'This join no longer counts.');
  if (row.call_id && row.site_id && row.group_id) {
    notifyCalls(db, [
      {
        call_id: row.call_id,
        site_id: row.site_id,
        group_id: row.group_id,
        agent_id: row.agent_id,
        room,
      },
    ]);
  } else {
    db.wake.notify(`room:${room}`);
  }
  const entered = { callId: row.call_id, state: row.state, chatSequence: row.chat_sequence };
  if (row.unconfirmed && row.state === 'accepted' && (await letVisitorIn(db, participant))) {
    return { ...entered, state: 'ready' };
  }
  return entered;
}
