import { randomInt } from 'node:crypto';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { AuditActor } from '../audit/audit-entry.ts';
import type { Database } from '../database/database.ts';
import { clearSecondFactor } from './enrol-second-factor.ts';
import { hashPassword } from './password.ts';

/** Without letters and digits that look alike. */
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
/** Four groups of five characters: 99 bits. */
const GROUPS = 4;
const GROUP_LENGTH = 5;

const RESET = `
update agents set password_hash = $3, demo_password = false
 where site_id = $1 and username = $2 and disabled_at is null
returning id`;

export interface PasswordReset {
  readonly password: string;
  readonly receipt: AuditReceipt;
}

/** Gives an agent a random password, and ends the agent's sessions. Null: the site has no such enabled agent. */
export async function resetPassword(
  database: Database,
  {
    site,
    username,
    removeSecondFactor,
    actor,
  }: {
    readonly site: string;
    readonly username: string;
    readonly removeSecondFactor: boolean;
    readonly actor: AuditActor;
  },
): Promise<PasswordReset | null> {
  const password = Array.from({ length: GROUPS }, randomGroup).join('-');
  const hash = await hashPassword(password);
  const reset = await database.transaction(async (tx) => {
    const { rows } = await tx.query<{ id: string }>(RESET, [site, username, hash]);
    const id = rows[0]?.id;
    if (id === undefined) return null;
    if (removeSecondFactor) await clearSecondFactor(tx, id);
    await tx.query('delete from agent_sessions where agent_id = $1', [id]);
    const subject = `agent:${id}`;
    const after = { secondFactorRemoved: removeSecondFactor };
    const type = 'password-reset';
    const receipt = await writeAudit(tx, { site, type, actor, address: null, subject, after });
    return { id, receipt };
  });
  if (!reset) return null;
  database.wake.notify(`sessions:${reset.id}`);
  return { password, receipt: reset.receipt };
}

function randomGroup(): string {
  return Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}
