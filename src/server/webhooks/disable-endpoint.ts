import type { Database, Queryable } from '../database/database.ts';

const DISABLE = `
update webhook_endpoints set disabled_at = now(), disabled_reason = $2 where id = $1 and disabled_at is null`;

/** What still waited has failed. People can send it again once the endpoint is switched on. */
const FAIL = `
with forgotten as (delete from outbox where receiver = $1::text)
update webhook_deliveries set state = 'failed', error = 'the endpoint was switched off'
 where endpoint_id = $1::uuid and state = 'waiting'`;

/** Switches an endpoint off: nothing more is delivered to it. */
export async function disableEndpoint(
  tx: Queryable,
  endpoint: string,
  reason: 'by-hand' | 'gone',
): Promise<void> {
  await tx.query(DISABLE, [endpoint, reason]);
  await tx.query(FAIL, [endpoint]);
}

/** The endpoint answered 410: it wants no more. */
export async function disableGoneEndpoint(db: Database, endpoint: string): Promise<void> {
  await db.transaction((tx) => disableEndpoint(tx, endpoint, 'gone'));
}
