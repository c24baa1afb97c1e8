import type { WebhookDelivery } from '../../protocol/rest/webhooks.ts';
import { paged, pageOf, pageValues, type Page, type PageRequest } from '../configuration/page.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';

// The key has a fixed length, so that it sorts as the number does.
const LIST = paged(`
  select v.id::float8 as event, 'evt_' || v.public_id as "webhookId", v.type, v.call_id as "callId", ${ms('v.at')} as at,
         d.state, d.attempts, ${ms('d.attempted_at')} as "attemptedAt",
         case when d.state = 'waiting' then (
           select ${ms('o.due_at')} from outbox o
            where o.receiver = d.endpoint_id::text and (o.payload ->> 'event')::bigint = d.event_id) end as "nextAttemptAt",
         d.status, d.error, d.answer,
         lpad(v.id::text, 19, '0') as sort_key, '' as sort_id
    from webhook_deliveries d join webhook_events v on v.id = d.event_id
   where d.endpoint_id = $6 and $5::text is not null and ($7::text is null or d.state = $7)`);
const ORDER = '-event';

/** What was sent to an endpoint, the newest event first. */
export async function listDeliveries(
  db: Queryable,
  endpoint: string,
  request: PageRequest & { readonly state?: string | undefined },
): Promise<Page<WebhookDelivery>> {
  const { rows } = await db.query<WebhookDelivery & { sort_key: string; sort_id: string }>(LIST, [
    ...pageValues(request, ORDER),
    endpoint,
    request.state ?? null,
  ]);
  return pageOf(rows, request, ORDER);
}
