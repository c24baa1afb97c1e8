import { createHmac, randomInt } from 'node:crypto';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Queryable } from '../database/database.ts';
import { deriveKey } from './derive-key.ts';
import type { RequestOrigin } from './request-origin.ts';

/** Codes that an agent gets at a time. */
export const RECOVERY_CODES = 10;
/** Without letters and digits that look alike. Ten of these are 49 bits; wrong attempts are limited. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const GROUP_LENGTH = 5;

const STORE = `
with removed as (delete from recovery_codes where agent_id = $1 and not code_hash = any ($2::bytea[]))
insert into recovery_codes (agent_id, code_hash) select $1, h from unnest($2::bytea[]) h`;

/** Gives the agent new codes. The earlier ones are void. The database stores keyed hashes only. */
export async function makeRecoveryCodes(
  tx: Queryable,
  key: Uint8Array,
  agentId: string,
): Promise<string[]> {
  const codes = new Set<string>();
  while (codes.size < RECOVERY_CODES) codes.add(`${randomGroup()}-${randomGroup()}`);
  const hashes = [...codes].map((code) => hashOf(key, agentId, code));
  await tx.query(STORE, [agentId, hashes]);
  return [...codes];
}

const SPEND = 'delete from recovery_codes where agent_id = $1 and code_hash = $2';
const COUNT = 'select count(*)::int as left from recovery_codes where agent_id = $1';

/** Uses a code up, and says so in the security log. Null: the agent has no such code, or not any more. */
export async function spendRecoveryCode(
  tx: Queryable,
  key: Uint8Array,
  { id, site }: { readonly id: string; readonly site: string },
  code: string,
  { address }: RequestOrigin,
): Promise<AuditReceipt | null> {
  const { rowCount } = await tx.query(SPEND, [id, hashOf(key, id, code)]);
  if (rowCount === 0) return null;
  const { rows } = await tx.query<{ left: number }>(COUNT, [id]);
  const actor = { kind: 'agent', agentId: id } as const;
  const after = { left: rows[0]?.left ?? 0 };
  return writeAudit(tx, { site, type: 'recovery-code-used', actor, address, after });
}

/** Letters in capitals, and a code without its hyphen, are the same code. */
function hashOf(key: Uint8Array, agentId: string, code: string): Buffer {
  const plain = code.toLowerCase().replace('-', '');
  return createHmac('sha256', deriveKey(key, 'recovery-code'))
    .update(`${agentId}:${plain}`)
    .digest();
}

const randomGroup = (): string =>
  Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
