import { RtcDeskError } from '../../protocol/errors.ts';
import { limits } from '../../protocol/limits.ts';
import type { Database } from '../database/database.ts';
import { notifyCalls } from '../calls/call-change.ts';
import { recording } from '../queue/recording.ts';
import { timeouts } from '../settings/timeouts.ts';
import { whileItMoves } from '../calls/retry-while-moving.ts';

interface Row {
  readonly room: number;
  readonly provider: 'peer' | 'trtc';
  readonly allowed: boolean;
  readonly full: boolean;
  readonly fell_back: boolean;
  /** The call took a step between the reading and the locking, and nothing was changed. */
  readonly moved_on: boolean;
  readonly call_id: string | null;
  readonly site_id: string;
  readonly group_id: string | null;
  readonly agent_id: string | null;
}

// The calls' rows are locked before the rooms', as an end of a call does it, and either in the order of their
// ids, so that two servers which start at once wait for each other in one order. Whoever still has to enter
// gets the time for it anew: part of it went into the attempt that failed. What the call's row told so far is recorded
// as it was read: one that has moved on since is left alone, to be read again.
const fallingBack = (own: string): string => `
with own as materialized (select o.*, c.epoch from (${own}) o left join calls c on c.id = o.call_id),
locked as materialized (
  select c.id, c.epoch from calls c join own o on o.call_id = c.id
   where c.room = o.number and c.state in ('accepted', 'ready', 'connected') order by c.id for update of c),
held as materialized (
  select r.number from rooms r join own o on o.number = r.number
   where o.allowed and not o.full and (o.call_id is null or (o.call_id, o.epoch) in (select id, epoch from locked))
   order by r.number for no key update of r),
changed as (
  update rooms r set provider = 'peer', fell_back_at = now() from held h
   where r.number = h.number and r.provider = 'trtc' and r.closed_at is null
  returning r.number, r.call_id),
moved as (
  update calls c
     set epoch = c.epoch + 1, past_epoch = c.epoch + 1,
         enter_by = case c.state
           when 'accepted' then now() + make_interval(secs => ${timeouts.enterAgent})
           when 'ready' then now() + make_interval(secs => ${timeouts.enterVisitor}) end
    from changed r where c.id = r.call_id
  returning c.id, c.epoch, c.state, c.agent_id),
${recording(`select id, epoch, state, state, agent_id, 'media-fell-back' from moved`)}
select o.number as room, o.provider, o.allowed, o.full, o.site_id,
       o.number in (select number from changed) as fell_back,
       exists (select from locked l where l.id = o.call_id and l.epoch <> o.epoch) as moved_on,
       c.id as call_id, c.group_id, c.agent_id
  from own o left join calls c on c.id = o.call_id`;

const FALL_BACK = fallingBack(`
  select r.number, r.provider, r.call_id, r.site_id, s.media_fallback as allowed, (
           select count(*) from participants o
            where o.room = r.number and o.entered_at is not null and o.left_at is null
         ) > ${limits.meshParticipants} as full
    from participants p join rooms r on r.number = p.room join sites s on s.id = r.site_id
   where p.id = $2 and p.room = $1 and p.left_at is null and r.closed_at is null`);

const FALL_BACK_EVERYWHERE = fallingBack(`
  select r.number, r.provider, r.call_id, r.site_id, true as allowed, false as full
    from rooms r where r.provider = 'trtc' and r.closed_at is null`);

/**
 * A room that was made for TRTC goes on with the built-in media, because somebody in it cannot have the other.
 * Everyone keeps their join. Of a room that has fallen back already: changes nothing. Rejects with
 * `media-blocked` where the site wants no other media, `room-full` where more are inside than a mesh carries,
 * `conflict` where the join no longer counts.
 */
export async function fallBack(
  db: Database,
  { room, participant }: { readonly room: number; readonly participant: string },
): Promise<void> {
  const rows = await fall(db, FALL_BACK, [room, participant]);
  const row = rows[0];
  if (!row) throw new RtcDeskError('conflict', 'This join no longer counts.');
  if (row.provider === 'peer') return;
  if (!row.allowed) {
    throw new RtcDeskError('media-blocked', 'This site’s calls run on TRTC alone.');
  }
  if (row.full)
    throw new RtcDeskError('room-full', 'More are inside than the built-in media carry.');
  // Not fallen back: somebody else moved the room or ended the call; what became of it is in the next snapshot.
  notify(db, rows);
}

/** All rooms of TRTC's, where this server's keys for it were taken away. Answers with how many there were. */
export async function fallBackEverywhere(db: Database): Promise<number> {
  const rows = await fall(db, FALL_BACK_EVERYWHERE, []);
  notify(db, rows);
  return rows.filter(({ fell_back }) => fell_back).length;
}

/** Answers with every room that was looked at, as it was found last. */
async function fall(db: Database, statement: string, values: readonly unknown[]): Promise<Row[]> {
  const found = new Map<number, Row>();
  return whileItMoves(async () => {
    const { rows } = await db.query<Row>(statement, values);
    // One that fell back in an earlier round is not among those that are to fall back now.
    for (const row of rows) if (!found.get(row.room)?.fell_back) found.set(row.room, row);
    return rows.some(({ moved_on }) => moved_on) ? undefined : [...found.values()];
  });
}

function notify(db: Database, rows: readonly Row[]): void {
  for (const { room, fell_back, call_id, site_id, group_id, agent_id } of rows) {
    if (!fell_back) continue;
    if (call_id && group_id) notifyCalls(db, [{ call_id, site_id, group_id, agent_id, room }]);
    else db.wake.notify(`room:${room}`);
  }
}
