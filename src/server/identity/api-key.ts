import { createHash, randomBytes } from 'node:crypto';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { ApiScope } from '../../protocol/rest/permissions.ts';
import type { Queryable } from '../database/database.ts';

/** `rtcd_` and 32 random bytes as base64url. */
export const API_KEY = /^rtcd_[A-Za-z0-9_-]{43}$/;
/** `rtcd_` and six characters: enough to know a key by, too few to guess the rest. */
const START_LENGTH = 11;

/** 32 random bytes need no salt and no slow hash. */
const hashOf = (apiKey: string): Buffer => createHash('sha256').update(apiKey).digest();

export function makeApiKey(): { key: string; start: string; hash: Buffer } {
  const key = `rtcd_${randomBytes(32).toString('base64url')}`;
  return { key, start: key.slice(0, START_LENGTH), hash: hashOf(key) };
}

export interface ApiKeyIdentity {
  readonly id: string;
  readonly siteId: string;
  readonly name: string;
  readonly scopes: readonly ApiScope[];
}

const READ = `
select id, site_id as "siteId", name, scopes,
       last_used_at is null or last_used_at < now() - interval '1 minute' as stale
  from api_keys where key_hash = $1 and revoked_at is null`;

/** Notes the use of the key, at most once a minute. Rejects with `unauthorized`. */
export async function verifyApiKey(db: Queryable, apiKey: string): Promise<ApiKeyIdentity> {
  const { rows } = await db.query<ApiKeyIdentity & { stale: boolean }>(READ, [hashOf(apiKey)]);
  const [found] = rows;
  if (!found) throw new RtcDeskError('unauthorized', 'The API key is wrong or was revoked.');
  const { stale, ...identity } = found;
  if (stale) {
    await db.query('update api_keys set last_used_at = now() where id = $1', [identity.id]);
  }
  return identity;
}
