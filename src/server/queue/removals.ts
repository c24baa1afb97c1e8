import type { Database } from '../database/database.ts';
import { timeouts } from './timeouts.ts';

/** What TRTC's cloud is to be told: to close a room, or to show one join out of it. */
export interface Removal {
  /** A bigint. */
  readonly id: string;
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
 where t.id in (select d.id from trtc_removals d where d.due_at <= now() order by d.due_at, d.id limit $1
                   for update skip locked)
returning t.id::text, t.room, t.participant_id as participant, t.tries`;

/** Takes what is due, so that no other node takes it at the same time. */
export async function claimRemovals(db: Database, limit: number): Promise<Removal[]> {
  return (await db.query<Removal>(CLAIM, [limit])).rows;
}

/** It is done: TRTC knows. */
export async function finishRemoval(db: Database, { id }: Removal): Promise<void> {
  await db.query('delete from trtc_removals where id = $1', [id]);
}

/** Not done: to be tried again, after a pause that doubles up to a minute. */
export async function postponeRemoval(db: Database, { id }: Removal): Promise<void> {
  await db.query(
    `update trtc_removals set due_at = now() + make_interval(secs => least(60, power(2, least(tries, 6))))
      where id = $1`,
    [id],
  );
}

/** What is too old to matter, also where nobody tells the cloud: TRTC itself has let go of it long since. */
export async function forgetOldRemovals(db: Database): Promise<void> {
  await db.query(
    `delete from trtc_removals where created_at < now() - make_interval(secs => ${timeouts.removalGivenUp})`,
  );
}
