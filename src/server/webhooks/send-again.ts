import { RtcDeskError } from '../../protocol/errors.ts';
import type { Database, Queryable } from '../database/database.ts';

const FIND = `
select d.state, p.disabled_at is not null as disabled
  from webhook_deliveries d join webhook_endpoints p on p.id = d.endpoint_id
 where d.endpoint_id = $1 and d.event_id = $2 for update of d`;

/** Begins a delivery anew. Rejects with `not-found`, and with `conflict` while it waits or the endpoint is off. */
export async function sendAgain(db: Database, endpoint: string, event: number): Promise<void> {
  await db.transaction(async (tx) => {
    const { rows } = await tx.query<{ state: string; disabled: boolean }>(FIND, [endpoint, event]);
    const [found] = rows;
    if (!found) throw new RtcDeskError('not-found', 'This webhook has no such delivery.');
    if (found.disabled) throw new RtcDeskError('conflict', 'The webhook is switched off.');
    if (found.state === 'waiting') throw new RtcDeskError('conflict', 'It is being sent already.');
    await deliver(tx, endpoint, event);
  });
}

const TEST = `
insert into webhook_events (site_id, type, data)
select site_id, 'webhook.test', jsonb_build_object('endpoint', id) from webhook_endpoints
 where id = $1 and disabled_at is null
returning id::float8 as event`;

/** Sends an event of the type `webhook.test` to this endpoint alone. Rejects with `conflict` if it is off. */
export async function sendTest(db: Database, endpoint: string): Promise<number> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.query<{ event: number }>(TEST, [endpoint]);
    const [made] = rows;
    if (!made) throw new RtcDeskError('conflict', 'The webhook is switched off.');
    await deliver(tx, endpoint, made.event);
    return made.event;
  });
}

const deliver = (tx: Queryable, endpoint: string, event: number) =>
  tx.query('select deliver_event($1, $2)', [endpoint, event]);
