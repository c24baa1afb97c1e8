import { createHash } from 'node:crypto';
import type { Queryable } from '../database/database.ts';
import { timeouts } from '../settings/timeouts.ts';

/** What is stored of a visitor's resume token. 32 random bytes need no salt and no slow hash. */
export function resumeHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

export interface ResumedCall {
  readonly callId: string;
  /** True: the token opens only the view of how the call ended, for ten minutes. */
  readonly ended: boolean;
  /** The room to come back to; null before `ready`, also if the agent has one already. */
  readonly room: number | null;
  /** The visitor's participant there that has not left. */
  readonly participant: string | null;
}

export interface Resuming {
  readonly siteId: string;
  readonly resumeHash: Uint8Array;
  /** If the token is a callback's code: the callback. */
  readonly callbackId?: string | null | undefined;
}

/**
 * The call that a visitor's resume token opens, or the call of a callback; null if there is none. A call that was handed
 * over to another device is opened by that device's token alone.
 */
export async function resumeCall(
  db: Queryable,
  { siteId, resumeHash, callbackId = null }: Resuming,
): Promise<ResumedCall | null> {
  const { rows } = await db.query<ResumedCall>(
    `select c.id as "callId", c.state = 'ended' as ended,
            case when c.state in ('ready', 'connected') then c.room end as room, p.id as participant
       from calls c
       left join participants p on p.call_id = c.id and p.room = c.room and p.left_at is null
                               and c.state in ('ready', 'connected')
      where c.site_id = $1 and (c.resume_hash = $2 or c.callback_id = $3 and c.handed_over_at is null)
        and (c.state <> 'ended' or c.ended_at > now() - make_interval(secs => ${timeouts.endShown}))
      order by c.ended_at desc nulls first, p.issued_at desc nulls last limit 1`,
    [siteId, resumeHash, callbackId],
  );
  return rows[0] ?? null;
}
