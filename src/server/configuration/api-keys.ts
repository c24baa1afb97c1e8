import { RtcDeskError } from '../../protocol/errors.ts';
import type { ApiKey, NewApiKey } from '../../protocol/rest/api-keys.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { makeApiKey } from '../identity/api-key.ts';
import type { Caller } from '../identity/caller.ts';
import { mayGiveScope } from '../identity/permissions.ts';
import { ms } from '../views/view-columns.ts';
import type { ChangedBy } from './change-configuration.ts';
import { paged, pageOf, pageValues, searchPattern, type Page, type PageRequest } from './page.ts';

const KEY = `
  k.id, k.name, k.start, k.scopes, ${ms('k.created_at')} as "createdAt",
  (select a.username from agents a where a.id = k.created_by) as "createdBy",
  ${ms('k.last_used_at')} as "lastUsedAt", ${ms('k.revoked_at')} as "revokedAt"`;

const LIST = paged(`
  select ${KEY}, k.id::text as sort_id,
         case $5 when 'name' then lower(k.name)
                 when 'lastUsedAt' then coalesce(to_char(k.last_used_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS'), '')
                 else to_char(k.created_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') end as sort_key
    from api_keys k
   where k.site_id = $6 and ($7::text is null or k.name ilike $7 or k.start ilike $7)
     and ($8::text is null or (k.revoked_at is null) = ($8 = 'active'))`);
const ORDER = 'name';

export async function listApiKeys(
  db: Queryable,
  siteId: string,
  request: PageRequest & {
    readonly q?: string | undefined;
    readonly state?: 'active' | 'revoked' | undefined;
  },
): Promise<Page<ApiKey>> {
  const { rows } = await db.query<ApiKey & { sort_key: string; sort_id: string }>(LIST, [
    ...pageValues(request, ORDER),
    siteId,
    searchPattern(request.q),
    request.state ?? null,
  ]);
  return pageOf(rows, request, ORDER);
}

const INSERT = `
insert into api_keys as k (site_id, name, start, key_hash, scopes, created_by)
values ($1, $2, $3, $4, $5, $6) returning ${KEY}`;

/** Makes a key. Nobody gives it more than they may do. Rejects with `forbidden`. */
export async function createApiKey(
  database: Database,
  by: ChangedBy & Pick<Caller, 'credential' | 'agentId'>,
  { name, scopes }: NewApiKey,
): Promise<{ apiKey: ApiKey; key: string; receipts: readonly AuditReceipt[] }> {
  const refused = scopes.find((scope) => !mayGiveScope(by.credential, scope));
  if (refused !== undefined) {
    throw new RtcDeskError('forbidden', `You may not give a key the scope ${refused}.`);
  }
  const { key, start, hash } = makeApiKey();
  return database.transaction(async (tx) => {
    const values = [by.siteId, name.trim(), start, hash, scopes, by.agentId];
    const { rows } = await tx.query<ApiKey>(INSERT, values);
    const [apiKey] = rows;
    if (!apiKey) throw new Error('The API key was not stored.');
    const after = { name: apiKey.name, start, scopes };
    const receipt = await writeAudit(tx, { ...entryOf(by, apiKey.id), after });
    return { apiKey, key, receipts: [receipt] };
  });
}

/** Ends a key at once. Rejects with `not-found`; a key that is revoked already stays so. */
export async function revokeApiKey(
  database: Database,
  by: ChangedBy,
  id: string,
): Promise<readonly AuditReceipt[]> {
  return database.transaction(async (tx) => {
    const { rowCount } = await tx.query('select from api_keys where site_id = $1 and id = $2', [
      by.siteId,
      id,
    ]);
    if (rowCount === 0) throw new RtcDeskError('not-found', 'Your site has no such API key.');
    const revoked = await tx.query(
      'update api_keys set revoked_at = now() where id = $1 and revoked_at is null',
      [id],
    );
    if (revoked.rowCount === 0) return [];
    return [await writeAudit(tx, { ...entryOf(by, id), after: { revoked: true } })];
  });
}

const entryOf = ({ siteId, actor, address }: ChangedBy, id: string) =>
  ({
    site: siteId,
    type: 'configuration-changed',
    actor,
    address,
    subject: `api-key:${id}`,
  }) as const;
