import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

// Both statements skip rows that another transaction has locked. The next sweep sees them.
const PRESENCE = `
update participants p set gone_at = case when seen.online then null else now() end
  from (select g.id, g.connection_id is not null as online
          from participants g join rooms r on r.number = g.room
         where g.role = 'guest' and g.entered_at is not null and g.left_at is null and r.closed_at is null
           and (g.gone_at is null) = (g.connection_id is null)
           for no key update of g skip locked) seen
 where p.id = seen.id`;

// TRTC says of somebody who is inside that their media live. On the built-in media the server knows the socket alone.
const DROP = `
with gone as (
  select p.id, p.room, r.provider
    from participants p join rooms r on r.number = p.room
   where p.role = 'guest' and p.left_at is null and p.connection_id is null and r.closed_at is null
     and p.gone_at <= now() - make_interval(secs => ${timeouts.guestGrace})
     and not (r.provider = 'trtc' and p.reported is not distinct from 'inside')
     and service_is_up(${timeouts.gap})
     for no key update of p skip locked),
dropped as (
  update participants p set left_at = now() from gone g where p.id = g.id returning p.id),
removed as (
  insert into outbox (service, kind, payload)
  select 'trtc', 'remove-participant', jsonb_build_object('room', g.room, 'participant', g.id)
    from gone g where g.provider = 'trtc')
select distinct room from gone`;

/**
 * Guests whose page is gone leave the room: those without a socket for 45 s whose media are gone, too. Somebody who
 * comes back later gets another participant.
 */
export async function sweepGuests(db: Database): Promise<void> {
  await db.query(PRESENCE, []);
  const { rows } = await db.query<{ room: number }>(DROP, []);
  for (const { room } of rows) db.wake.notify(`room:${room}`);
}
