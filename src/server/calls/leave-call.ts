import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';
import { notifyCalls, type CallChange } from './call-change.ts';

const LEAVE = `
with target as materialized (
  select c.id, s.rejoin_seconds from calls c join sites s on s.id = c.site_id
   where c.id = $1 and c.state = 'connected' and c.visitor_left_until is null and s.rejoin_seconds > 0
     for update of c),
left_call as (
  update calls c
     set visitor_left_until = now() + make_interval(secs => t.rejoin_seconds), visitor_left_at = clock_timestamp(),
         event_count = c.event_count + 1
    from target t where c.id = t.id
  returning c.id, c.site_id, c.group_id, c.room, c.event_count),
gone as (
  update participants p set left_at = now() from left_call l
   where p.call_id = l.id and p.left_at is null
  returning p.id, p.room, p.entered_at),
removed as (
  insert into outbox (service, kind, payload, due_at)
  select 'trtc', 'remove-participant', jsonb_build_object('room', g.room, 'participant', g.id),
         now() + make_interval(secs => ${timeouts.removal})
    from gone g join rooms r on r.number = g.room
   where r.provider = 'trtc' and g.entered_at is not null),
logged as (
  insert into call_events (call_id, sequence, type, actor)
  select l.id, l.event_count, 'visitor-left', 'visitor' from left_call l)
select l.id as call_id, l.site_id, l.group_id, l.room,
       array(select g.agent_id from legs g where g.call_id = l.id and g.state = 'joined') as agent_ids
  from left_call l`;

/**
 * The visitor leaves a connected call, and can come back for the site's `rejoin_seconds`. The agent is told, and can end
 * the call at once; else a sweep ends it. Resolves to false, and changes nothing, where the call is not connected or the
 * site has no such time.
 */
export async function leaveCall(db: Database, callId: string): Promise<boolean> {
  const { rows } = await db.query<CallChange>(LEAVE, [callId]);
  notifyCalls(db, rows);
  return rows.length > 0;
}

const RETURN = `
with back as (
  update calls c set visitor_left_until = null, event_count = c.event_count + 1
   where c.id = $1 and c.visitor_left_until > now()
  returning c.id, c.site_id, c.group_id, c.room, c.event_count),
logged as (
  insert into call_events (call_id, sequence, type, actor)
  select b.id, b.event_count, 'visitor-returned', 'visitor' from back b)
select b.id as call_id, b.site_id, b.group_id, b.room,
       array(select g.agent_id from legs g where g.call_id = b.id and g.state = 'joined') as agent_ids
  from back b`;

/** A visitor who has left comes back in time. Nothing changes for one who has not left, or who comes too late. */
export async function returnToCall(db: Database, callId: string): Promise<void> {
  const { rows } = await db.query<CallChange>(RETURN, [callId]);
  notifyCalls(db, rows);
}
