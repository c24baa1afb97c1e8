import { isIP } from 'node:net';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { NewWebhook, Webhook, WebhookChange } from '../../protocol/rest/webhooks.ts';
import type { AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { isPublicAddress } from '../outgoing/public-address.ts';
import { ms } from '../views/view-columns.ts';
import { disableEndpoint } from '../webhooks/disable-endpoint.ts';
import { endpointSecret } from '../webhooks/endpoint-secret.ts';
import { changeConfiguration, type ChangedBy } from './change-configuration.ts';
import { paged, pageOf, pageValues, searchPattern, type Page, type PageRequest } from './page.ts';

/** An endpoint as it is configured: the value whose version clients compare. */
export type WebhookSettings = Omit<Webhook, 'waiting' | 'failed'>;

export const webhookSettings = ({
  waiting: _,
  failed: __,
  ...settings
}: Webhook): WebhookSettings => settings;

const WEBHOOK = `
  p.id, p.url, p.description, p.types, p.disabled_at is null as enabled, p.disabled_reason as "disabledReason",
  case when p.previous_secret_until > now() then ${ms('p.previous_secret_until')} end as "previousSecretUntil",
  p.secret_version as "secretVersion", ${ms('p.created_at')} as "createdAt",
  (select count(*)::int from webhook_deliveries d where d.endpoint_id = p.id and d.state = 'waiting') as waiting,
  (select count(*)::int from webhook_deliveries d where d.endpoint_id = p.id and d.state = 'failed') as failed`;

const READ = `select ${WEBHOOK} from webhook_endpoints p where p.site_id = $1 and p.id = $2`;

async function findWebhook(db: Queryable, siteId: string, id: string): Promise<Webhook | null> {
  const { rows } = await db.query<Webhook>(READ, [siteId, id]);
  return rows[0] ?? null;
}

/** Rejects with `not-found`. */
export async function readWebhook(db: Queryable, siteId: string, id: string): Promise<Webhook> {
  const webhook = await findWebhook(db, siteId, id);
  if (!webhook) throw new RtcDeskError('not-found', 'Your site has no such webhook.');
  return webhook;
}

const LIST = paged(`
  select ${WEBHOOK}, p.id::text as sort_id,
         case $5 when 'url' then p.url
                 else to_char(p.created_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') end as sort_key
    from webhook_endpoints p
   where p.site_id = $6 and ($7::text is null or p.url ilike $7 or p.description ilike $7)
     and ($8::text is null or (p.disabled_at is null) = ($8 = 'on'))`);
const ORDER = 'createdAt';

export async function listWebhooks(
  db: Queryable,
  siteId: string,
  request: PageRequest & {
    readonly q?: string | undefined;
    readonly state?: 'on' | 'off' | undefined;
  },
): Promise<Page<Webhook>> {
  const { rows } = await db.query<Webhook & { sort_key: string; sort_id: string }>(LIST, [
    ...pageValues(request, ORDER),
    siteId,
    searchPattern(request.q),
    request.state ?? null,
  ]);
  return pageOf(rows, request, ORDER);
}

/** Makes an endpoint. Rejects with `bad-message` for an address that is not public. */
export async function makeWebhook(
  database: Database,
  key: Uint8Array,
  by: ChangedBy,
  { id, webhook: { url, description = '', types = null } }: { id: string; webhook: NewWebhook },
): Promise<{ webhook: Webhook; secret: string; receipts: readonly AuditReceipt[] }> {
  const { siteId } = by;
  checkUrl(url);
  const { receipts } = await changeConfiguration<WebhookSettings>(database, by, {
    subject: `webhook:${id}`,
    read: (tx) => readSettings(tx, siteId, id),
    write: async (tx) => {
      await tx.query(
        `insert into webhook_endpoints (id, site_id, url, description, types) values ($1, $2, $3, $4, $5)`,
        [id, siteId, url, description, types],
      );
    },
  });
  return {
    webhook: await readWebhook(database, siteId, id),
    secret: endpointSecret(key, id, 1),
    receipts,
  };
}

const CHANGE = `
update webhook_endpoints set url = $3, description = $4, types = $5 where site_id = $1 and id = $2`;

const ENABLE = `
update webhook_endpoints set disabled_at = null, disabled_reason = null where id = $1`;

/** Rejects with `not-found`, `precondition-failed`, `bad-message`. */
export async function changeWebhook(
  database: Database,
  by: ChangedBy,
  { id, version, change }: { id: string; version: string; change: WebhookChange },
): Promise<{ webhook: Webhook; receipts: readonly AuditReceipt[] }> {
  const { siteId } = by;
  if (change.url !== undefined) checkUrl(change.url);
  const { receipts } = await changeConfiguration<WebhookSettings>(database, by, {
    subject: `webhook:${id}`,
    version,
    read: (tx) => readSettings(tx, siteId, id),
    write: async (tx, before) => {
      if (!before) return;
      const { url, description, types, enabled } = { ...before, ...change };
      await tx.query(CHANGE, [siteId, id, url, description, types]);
      if (enabled && !before.enabled) await tx.query(ENABLE, [id]);
      if (!enabled && before.enabled) await disableEndpoint(tx, id, 'by-hand');
    },
  });
  return { webhook: await readWebhook(database, siteId, id), receipts };
}

/** Deletes an endpoint with its deliveries. Rejects with `not-found`, `precondition-failed`. */
export async function deleteWebhook(
  database: Database,
  by: ChangedBy,
  { id, version }: { id: string; version: string },
): Promise<readonly AuditReceipt[]> {
  const { siteId } = by;
  const { receipts } = await changeConfiguration<WebhookSettings>(database, by, {
    subject: `webhook:${id}`,
    version,
    read: (tx) => readSettings(tx, siteId, id),
    write: async (tx) => {
      await tx.query('delete from outbox where receiver = $1', [id]);
      await tx.query('delete from webhook_endpoints where site_id = $1 and id = $2', [siteId, id]);
    },
  });
  return receipts;
}

const ROTATE = `
update webhook_endpoints
   set secret_version = secret_version + 1, previous_secret_until = now() + make_interval(hours => $3)
 where site_id = $1 and id = $2`;

/**
 * Replaces the secret. For some hours deliveries are signed with both. Rejects with `not-found`, `precondition-failed`.
 */
export async function rotateWebhookSecret(
  database: Database,
  key: Uint8Array,
  by: ChangedBy,
  { id, version, overlapHours }: { id: string; version: string; overlapHours: number },
): Promise<{ webhook: Webhook; secret: string; receipts: readonly AuditReceipt[] }> {
  const { siteId } = by;
  const { receipts } = await changeConfiguration<WebhookSettings>(database, by, {
    subject: `webhook:${id}`,
    version,
    read: (tx) => readSettings(tx, siteId, id),
    write: async (tx) => {
      await tx.query(ROTATE, [siteId, id, overlapHours]);
    },
  });
  const webhook = await readWebhook(database, siteId, id);
  return { webhook, secret: endpointSecret(key, id, webhook.secretVersion), receipts };
}

async function readSettings(
  tx: Queryable,
  siteId: string,
  id: string,
): Promise<WebhookSettings | null> {
  const webhook = await findWebhook(tx, siteId, id);
  return webhook && webhookSettings(webhook);
}

/** Throws `bad-message`. What a name resolves to is checked at each delivery. */
function checkUrl(url: string): void {
  const address = URL.canParse(url) ? new URL(url) : null;
  const host = address?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (address?.protocol !== 'https:' || address.username || address.password) {
    throw new RtcDeskError('bad-message', 'The address must be HTTPS, without a name or password.');
  }
  if (isIP(host) ? !isPublicAddress(host) : !host.includes('.')) {
    throw new RtcDeskError('bad-message', 'The address must be public.');
  }
}
