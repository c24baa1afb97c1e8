import assert from 'node:assert/strict';
import type { Queryable } from '../../../src/server/database/database.ts';

/** What must hold in the tables after every step. Each query finds the rows that break its promise. */
const BREACHES: Readonly<Record<string, string>> = {
  'a call is in the state `offered` exactly while its first leg is offered': `
    select c.id, c.state from calls c
     where (c.state = 'offered') <> exists (
       select from legs l where l.call_id = c.id and l.kind = 'first' and l.state = 'offered')`,
  'a call is offered to one agent at a time': `
    select call_id from legs where state = 'offered' group by call_id having count(*) > 1`,
  'an agent has one active leg besides monitoring': `
    select agent_id from legs where state in ('offered', 'accepted', 'joined') and kind <> 'monitor'
     group by agent_id having count(*) > 1`,
  'a call has one active first leg, which has come as far as the call': `
    select l.id, l.state, c.state from legs l join calls c on c.id = l.call_id
     where l.kind = 'first' and (
       l.state = 'offered' and c.state <> 'offered'
       or l.state = 'accepted' and c.state <> 'accepted'
       or l.state = 'joined' and c.state not in ('ready', 'connected'))`,
  'a further leg is active only while the visitor and an agent meet': `
    select l.id, l.state, c.state from legs l join calls c on c.id = l.call_id
     where l.kind <> 'first' and l.state in ('offered', 'accepted', 'joined') and c.state not in ('ready', 'connected')`,
  'the owner is a leg of the call that is accepted, or joined once the visitor may enter': `
    select c.id, c.state, l.state from calls c left join legs l on l.id = c.owner_leg_id and l.call_id = c.id
     where c.state = 'accepted' and (l.state is distinct from 'accepted' or l.kind <> 'first')
        or c.state in ('ready', 'connected') and (l.state is distinct from 'joined' or l.kind = 'monitor')`,
  'a choosing, queued or offered call has neither a room nor an owner': `
    select id from calls where state in ('choosing', 'queued', 'offered') and (room is not null or owner_leg_id is not null)`,
  'the visitor has a participant only from ready on': `
    select p.id from participants p join rooms r on r.number = p.room join calls c on c.id = r.call_id
     where p.role = 'visitor' and p.left_at is null and r.closed_at is null
       and not (c.room = p.room and c.state in ('ready', 'connected'))`,
  'the visitor has one participant while ready or connected': `
    select c.id from calls c where c.state in ('ready', 'connected') and 1 <> (
      select count(*) from participants p where p.room = c.room and p.role = 'visitor' and p.left_at is null)`,
  'a leg has one participant in the room of its call exactly while it is accepted or joined': `
    select l.id, l.state from legs l join calls c on c.id = l.call_id
     where case when l.state in ('accepted', 'joined') then 1 else 0 end <> (
       select count(*) from participants p join rooms r on r.number = p.room
        where p.leg_id = l.id and p.left_at is null and r.closed_at is null and p.room = c.room)`,
  'a room is open exactly while it is the room of a live call, or an offer holds it': `
    select r.number from rooms r join calls c on c.id = r.call_id
     where (r.closed_at is null) <> (
       c.state in ('accepted', 'ready', 'connected') and c.room = r.number
       or c.state = 'offered' and r.provider = 'trtc' and exists (
         select from participants p join legs l on l.id = p.leg_id
          where p.room = r.number and l.call_id = c.id and l.state = 'offered'))`,
  'the events of a call are numbered without a gap': `
    select c.id from calls c left join call_events e on e.call_id = c.id group by c.id
     having count(e.sequence) <> c.event_count or coalesce(max(e.sequence), 0) <> c.event_count`,
  'the newest event that moves a call names its state': `
    select c.id, c.state, newest.type from calls c left join lateral (
      select e.type from call_events e left join legs l on l.id = e.leg_id
       where e.call_id = c.id
         and (e.type in ('choosing', 'queued', 'ready', 'connected', 'ended')
              or e.type in ('offered', 'accepted') and l.kind = 'first')
       order by e.sequence desc limit 1) newest on true
     where newest.type is distinct from c.state`,
  'the events tell each step of a leg, once': `
    select l.id, l.kind, l.state, array_agg(e.type order by e.sequence) as events
      from legs l left join call_events e on e.leg_id = l.id
     group by l.id
    having count(*) filter (where e.type = 'offered') <> 1
        or count(*) filter (where e.type = 'accepted') <> (l.accepted_at is not null)::int
        or count(*) filter (where e.type in ('ready', 'agent-joined')) <> (l.joined_at is not null)::int
        or count(*) filter (where e.type = 'offer-declined') <> (l.state = 'declined')::int
        or count(*) filter (where e.type = 'offer-missed') <> (l.state = 'missed')::int`,
};

export async function assertSound(db: Queryable): Promise<void> {
  for (const [promise, breach] of Object.entries(BREACHES)) {
    assert.deepEqual((await db.query(breach)).rows, [], promise);
  }
}
