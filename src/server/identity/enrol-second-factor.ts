import { RtcDeskError } from '../../protocol/errors.ts';
import type { AuditType } from '../audit/audit-entry.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import type { SessionAgent } from './find-session-agent.ts';
import { makeRecoveryCodes } from './recovery-codes.ts';
import type { RequestOrigin } from './request-origin.ts';
import {
  makeSecondFactor,
  openSecondFactor,
  sealSecondFactor,
  stepOfCode,
} from './second-factor.ts';
import { countSignIn, forgetFailures } from './sign-in-limit.ts';
import { spendCode } from './spend-code.ts';

/**
 * Makes a secret for the agent's authenticator app. It counts only after `confirmSecondFactor`. Rejects with
 * `forbidden` for an agent without a role for the console, and with `conflict` if there is a second factor already.
 */
export async function beginSecondFactor(
  database: Database,
  key: Uint8Array,
  agent: SessionAgent,
): Promise<{ readonly secret: string; readonly uri: string }> {
  if (agent.role === 'agent') {
    throw new RtcDeskError('forbidden', 'A second factor is for supervisors, admins and owners.');
  }
  const { bytes, secret, uri } = makeSecondFactor(agent.siteName, agent.username);
  const { rowCount } = await database.query(
    `update agents set second_factor_pending = $2 where id = $1 and second_factor is null`,
    [agent.id, sealSecondFactor(key, agent.id, bytes)],
  );
  if (rowCount === 0) throw new RtcDeskError('conflict', 'There is a second factor already.');
  return { secret, uri };
}

const CONFIRM = `
update agents set second_factor = second_factor_pending, second_factor_pending = null, second_factor_step = $3
 where id = $1 and second_factor is null and second_factor_pending = $2`;

/**
 * The first code shows that the app has the secret. From now on each sign-in needs a code. Resolves to recovery codes.
 * Rejects with `unauthorized`, `conflict`.
 */
export async function confirmSecondFactor(
  database: Database,
  key: Uint8Array,
  agent: SessionAgent,
  code: string,
  from: RequestOrigin,
): Promise<NewRecoveryCodes> {
  const { id } = agent;
  const stored = await readStored(database, agent, 'second_factor_pending');
  const step = stepOfCode(openSecondFactor(key, id, stored), code);
  return database.transaction(async (tx) => {
    const { rowCount } =
      step === null ? { rowCount: 0 } : await tx.query(CONFIRM, [id, stored, step]);
    if (rowCount === 0) throw wrongCode();
    const codes = await makeRecoveryCodes(tx, key, id);
    return { codes, receipts: [await finish(tx, agent, 'second-factor-added', from)] };
  });
}

const REMOVE = `
with removed as (delete from recovery_codes where agent_id = $1)
update agents set second_factor = null, second_factor_pending = null where id = $1 and second_factor is not null`;

/**
 * Removes the factor by a code of the app or a recovery code. Without both, `clearSecondFactor` of an admin or
 * `rtc-desk reset-password` removes it. Rejects with `unauthorized`, `conflict`.
 */
export async function removeSecondFactor(
  database: Database,
  key: Uint8Array,
  agent: SessionAgent,
  code: string,
  from: RequestOrigin,
): Promise<readonly AuditReceipt[]> {
  return byCode(database, key, agent, code, from, async (tx, receipts) => {
    await tx.query(REMOVE, [agent.id]);
    return [...receipts, await finish(tx, agent, 'second-factor-removed', from)];
  });
}

/** Makes new recovery codes, by a code of the app or an old recovery code. Rejects with `unauthorized`, `conflict`. */
export async function renewRecoveryCodes(
  database: Database,
  key: Uint8Array,
  agent: SessionAgent,
  code: string,
  from: RequestOrigin,
): Promise<NewRecoveryCodes> {
  return byCode(database, key, agent, code, from, async (tx, receipts) => {
    const codes = await makeRecoveryCodes(tx, key, agent.id);
    return { codes, receipts: [...receipts, await finish(tx, agent, 'recovery-codes-made', from)] };
  });
}

export interface NewRecoveryCodes {
  /** They are shown once. */
  readonly codes: readonly string[];
  readonly receipts: readonly AuditReceipt[];
}

/** Takes the second factor of an agent off. Resolves to whether there was one. */
export async function clearSecondFactor(tx: Queryable, agentId: string): Promise<boolean> {
  return (await tx.query(REMOVE, [agentId])).rowCount > 0;
}

async function byCode<T>(
  database: Database,
  key: Uint8Array,
  agent: SessionAgent,
  code: string,
  from: RequestOrigin,
  change: (tx: Queryable, receipts: readonly AuditReceipt[]) => Promise<T>,
): Promise<T> {
  const { id, site } = agent;
  const secondFactor = await readStored(database, agent, 'second_factor');
  return database.transaction(async (tx) => {
    const receipts = await spendCode(tx, key, { id, site, secondFactor }, code, from);
    if (!receipts) throw wrongCode();
    return change(tx, receipts);
  });
}

/** Guesses of codes are limited like those of the password: each read counts as one. */
async function readStored(
  database: Database,
  { id, site, username }: SessionAgent,
  column: 'second_factor' | 'second_factor_pending',
): Promise<Buffer> {
  const { rows } = await database.query<Record<typeof column, Buffer | null>>(
    'select second_factor, second_factor_pending from agents where id = $1',
    [id],
  );
  const stored = rows[0]?.[column];
  if (!stored) throw new RtcDeskError('conflict', 'There is no second factor.');
  await countSignIn(database, site, username);
  return stored;
}

async function finish(
  tx: Queryable,
  { id, site, username }: SessionAgent,
  type: AuditType,
  { address }: RequestOrigin,
): Promise<AuditReceipt> {
  await forgetFailures(tx, site, username);
  return writeAudit(tx, { site, type, actor: { kind: 'agent', agentId: id }, address });
}

const wrongCode = () => new RtcDeskError('unauthorized', 'The code is wrong.');
