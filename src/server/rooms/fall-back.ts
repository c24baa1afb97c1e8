import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import { notifyCalls } from '../calls/call-change.ts';
import { retryWhileMoving } from '../calls/retry-while-moving.ts';
import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

interface Row {
  readonly room: number;
  readonly provider: 'mesh' | 'trtc';
  readonly allowed: boolean;
  readonly full: boolean;
  readonly fell_back: boolean;
  /** The call changed between the reading and the locking; nothing was changed in this room. */
  readonly moved_on: boolean;
  readonly call_id: string | null;
  readonly site_id: string;
  readonly group_id: string | null;
  readonly agent_ids: readonly string[] | null;
}

// Locks calls before rooms, as an end of a call does, and both in the order of their ids, so that two servers that
// start at once wait for each other in one order. Who still has to enter gets the whole time again, since part of it
// went into the failed attempt. Without a participant ($2) every room of TRTC falls back. A room
// that an offer holds does not: nobody is in it before the accept.
const FALL_BACK = `
with own as materialized (
  select r.number, r.provider, r.call_id, r.site_id, c.epoch, $2::text is null or s.media_fallback as allowed,
         $2::text is not null and (
           select count(*) from participants o
            where o.room = r.number and o.entered_at is not null and o.left_at is null
         ) > ${limits.meshParticipants} as full
    from rooms r join sites s on s.id = r.site_id left join calls c on c.id = r.call_id
   where r.closed_at is null and c.state is distinct from 'offered' and case
     when $2::text is null then r.provider = 'trtc'
     else r.number = $1 and exists (
       select from participants p where p.id = $2 and p.room = r.number and p.left_at is null) end),
locked as materialized (
  select c.id, c.epoch from calls c join own o on o.call_id = c.id
   where c.room = o.number and c.state in ('accepted', 'ready', 'connected') order by c.id for update of c),
held as materialized (
  select r.number from rooms r join own o on o.number = r.number
   where o.allowed and not o.full and (o.call_id is null or (o.call_id, o.epoch) in (select id, epoch from locked))
   order by r.number for no key update of r),
changed as (
  update rooms r set provider = 'mesh', fell_back_at = now() from held h
   where r.number = h.number and r.provider = 'trtc' and r.closed_at is null
  returning r.number, r.call_id),
moved as (
  update calls c
     set epoch = c.epoch + 1, event_count = c.event_count + 1,
         enter_by = case when c.state = 'ready' then now() + make_interval(secs => ${timeouts.enterVisitor}) end
    from changed r where c.id = r.call_id
  returning c.id, c.event_count, r.number),
extended as (
  update legs l set deadline = now() + make_interval(secs => ${timeouts.enterAgent})
    from moved m where l.call_id = m.id and l.state = 'accepted'),
logged as (
  insert into call_events (call_id, sequence, type, actor, data)
  select m.id, m.event_count, 'media-fell-back', 'system', jsonb_build_object('room', m.number) from moved m)
select o.number as room, o.provider, o.allowed, o.full, o.site_id,
       o.number in (select number from changed) as fell_back,
       exists (select from locked l where l.id = o.call_id and l.epoch <> o.epoch) as moved_on,
       c.id as call_id, c.group_id,
       array(select l.agent_id from legs l where l.call_id = c.id and l.state in ('accepted', 'joined')) as agent_ids
  from own o left join calls c on c.id = o.call_id`;

/**
 * A room that was made for TRTC goes on with the built-in media, because somebody in it cannot have TRTC's. Everybody
 * keeps their participant. A room that has fallen back already stays as it is. Rejects with `media-blocked` if the
 * site wants TRTC alone, `room-full` if more people are inside than a mesh carries, `conflict` if the
 * participant no longer counts.
 */
export async function fallBack(
  db: Database,
  { room, participant }: { readonly room: number; readonly participant: string },
): Promise<void> {
  const row = (await run(db, [room, participant]))[0];
  if (!row) throw new RtcDeskError('conflict', 'This participant no longer counts.');
  if (row.provider === 'mesh' && !row.fell_back) return;
  if (!row.allowed) throw new RtcDeskError('media-blocked', 'This site’s calls run on TRTC alone.');
  if (row.full)
    throw new RtcDeskError('room-full', 'More are inside than the built-in media carry.');
}

/** All rooms of TRTC fall back: this server's keys for it were taken away. Answers with their number. */
export async function fallBackEverywhere(db: Database): Promise<number> {
  return (await run(db, [null, null])).filter(({ fell_back }) => fell_back).length;
}

/** Answers with every room that was looked at, as it was found last. */
async function run(db: Database, values: readonly unknown[]): Promise<Row[]> {
  const found = new Map<number, Row>();
  await retryWhileMoving(async () => {
    const { rows } = await db.query<Row>(FALL_BACK, values);
    // A room that fell back in an earlier round is `mesh` by now.
    for (const row of rows) if (!found.get(row.room)?.fell_back) found.set(row.room, row);
    return rows.some(({ moved_on }) => moved_on) ? undefined : true;
  });
  for (const { room, fell_back, call_id, site_id, group_id, agent_ids } of found.values()) {
    if (!fell_back) continue;
    if (call_id && group_id) notifyCalls(db, [{ call_id, site_id, group_id, agent_ids, room }]);
    else db.wake.notify(`room:${room}`);
  }
  return [...found.values()];
}
