import type { Database } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

/** Whose it is: a room of TRTC's, or the group of its conversation in IM. */
export type RemovalService = 'trtc' | 'im';

/** What Tencent's cloud is to be told: to close a room, to show one join out of it, or to take down its group. */
export interface Removal {
  /** A bigint. */
  readonly id: string;
  readonly service: RemovalService;
  readonly room: number;
  /** Null: everyone. */
  readonly participant: string | null;
  /** This one among them. */
  readonly tries: number;
}

// Whoever takes one has so long to do it; then it is anybody's again.
const CLAIM = `
update trtc_removals t
   set tries = t.tries + 1, due_at = now() + make_interval(secs => ${timeouts.removalLease})
 where t.id in (select d.id from trtc_removals d where d.service = $1 and d.due_at <= now()
                 order by d.due_at, d.id limit $2 for update skip locked)
returning t.id::text, t.service, t.room, t.participant_id as participant, t.tries`;

/** Takes what is due of one service, so that no other node takes it at the same time. */
export async function claimRemovals(
  db: Database,
  service: RemovalService,
  limit: number,
): Promise<Removal[]> {
  return (await db.query<Removal>(CLAIM, [service, limit])).rows;
}

/** It is done: the cloud knows. */
export async function finishRemoval(db: Database, { id }: Removal): Promise<void> {
  await db.query('delete from trtc_removals where id = $1', [id]);
}

// 2, 4, 8 … seconds.
const POSTPONE = `
update trtc_removals
   set due_at = now() + make_interval(secs => least(
         case service when 'im' then ${timeouts.groupRemovalPause} else ${timeouts.removalPause} end,
         power(2, least(tries, 12))))
 where id = $1`;

/** Not done: to be tried again, after a pause that doubles up to a minute, for a group to an hour. */
export async function postponeRemoval(db: Database, { id }: Removal): Promise<void> {
  await db.query(POSTPONE, [id]);
}

const FORGET = `
delete from trtc_removals
 where created_at < now() - make_interval(secs =>
         case service when 'im' then ${timeouts.groupRemovalGivenUp} else ${timeouts.removalGivenUp} end)`;

/** What is too old to matter, or to be hoped for, also where nobody tells the cloud. */
export async function forgetOldRemovals(db: Database): Promise<void> {
  await db.query(FORGET);
}
