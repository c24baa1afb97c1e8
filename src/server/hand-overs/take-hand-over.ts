import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database } from '../database/database.ts';
import { notifyCalls, type CallChange } from '../calls/call-change.ts';
import { hashOneTimeCode } from '../identity/one-time-code.ts';
import { unknownCode } from './read-hand-over.ts';

interface Taking {
  readonly siteId: string;
  readonly code: string;
  /** sha256 of the token that the other device has made. */
  readonly resumeHash: Uint8Array;
}

// A second taker of one code waits for the row, and then finds the code used.
const TAKE = `
with taken as (
  update calls c
     set former_resume_hash = c.resume_hash, resume_hash = $3, handed_over_at = clock_timestamp(),
         hand_over_hash = null, hand_over_until = null, event_count = c.event_count + 1
   where c.hand_over_hash = $2 and c.site_id = $1 and c.hand_over_until > now() and c.ended_at is null
  returning c.id, c.site_id, c.group_id, c.room, c.event_count),
logged as (
  insert into call_events (call_id, sequence, type, actor)
  select t.id, t.event_count, 'handed-over', 'visitor' from taken t)
select t.id as call_id, t.site_id, t.group_id, t.room, null::uuid[] as agent_ids from taken t`;

const TAKEN = `
select c.id from calls c
 where c.resume_hash = $2 and c.site_id = $1 and c.handed_over_at is not null and c.ended_at is null`;

/**
 * Gives the call of a code to another device: uses the code up, replaces the call's resume hash, and closes the visitor's
 * older sockets. Sent again by the same device it finds the same call. Rejects with `not-found` if the code opens no call
 * of this site, and with `conflict` if another call has this token.
 */
export async function takeHandOver(
  db: Database,
  { siteId, code, resumeHash }: Taking,
): Promise<{ readonly callId: string }> {
  const [change] = await take(db, [siteId, hashOneTimeCode(code), resumeHash]);
  if (change) {
    notifyCalls(db, [change]);
    return { callId: change.call_id };
  }
  const { rows } = await db.query<{ id: string }>(TAKEN, [siteId, resumeHash]);
  if (!rows[0]) throw unknownCode();
  return { callId: rows[0].id };
}

async function take(db: Database, values: readonly unknown[]): Promise<readonly CallChange[]> {
  try {
    return (await db.query<CallChange>(TAKE, values)).rows;
  } catch (error) {
    if ((error as { code?: string }).code !== '23505') throw error;
    throw new RtcDeskError('conflict', 'This resume token belongs to another call.', {
      cause: error,
    });
  }
}
