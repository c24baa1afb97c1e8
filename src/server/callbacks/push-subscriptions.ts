import { RtcDeskError } from '../../protocol/errors.ts';
import type { PushSubscription } from '../../protocol/rest/own-callback.ts';
import type { Queryable } from '../database/database.ts';

/** Browsers of one visitor. */
const MAX_SUBSCRIPTIONS = 5;

const WRITE = `
insert into push_subscriptions as p (callback_id, endpoint, p256dh, auth)
select b.id, $2, $3, $4 from callbacks b
 where b.id = $1 and b.state in ('waiting', 'due', 'offering', 'calling')
   and (select count(*) from push_subscriptions o where o.callback_id = b.id and o.endpoint <> $2) < ${MAX_SUBSCRIPTIONS}
on conflict (callback_id, endpoint) do update set p256dh = excluded.p256dh, auth = excluded.auth
returning id`;

/** The browser shows a notification when the visitor is asked in. Rejects with `conflict` if it is too late. */
export async function writePushSubscription(
  db: Queryable,
  id: string,
  { endpoint, keys }: PushSubscription,
): Promise<void> {
  const { rows } = await db.query(WRITE, [id, endpoint, keys.p256dh, keys.auth]);
  if (rows.length === 0) {
    throw new RtcDeskError('conflict', 'The callback is over, or has too many browsers.');
  }
}

export interface PushTarget {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly callback: string;
}

const READ = `
select p.endpoint, p.p256dh, p.auth, p.callback_id as callback
  from push_subscriptions p join callbacks b on b.id = p.callback_id
 where p.id = $1 and b.state = 'calling'`;

/** Null if the visitor is not asked in any more. */
export async function readPushTarget(db: Queryable, id: string): Promise<PushTarget | null> {
  return (await db.query<PushTarget>(READ, [id])).rows[0] ?? null;
}

export async function deletePushSubscription(db: Queryable, id: string): Promise<void> {
  await db.query('delete from push_subscriptions where id = $1', [id]);
}
