import { RtcDeskError } from '../../protocol/errors.ts';
import { writeAudit, type AuditReceipt } from '../audit/write-audit.ts';
import type { Database } from '../database/database.ts';
import type { SessionAgent } from './find-session-agent.ts';
import type { RequestOrigin } from './request-origin.ts';
import {
  makeSecondFactor,
  openSecondFactor,
  sealSecondFactor,
  stepOfCode,
} from './second-factor.ts';
import { countSignIn, forgetFailures } from './sign-in-limit.ts';

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

/** The first code shows that the app has the secret. From now on each sign-in needs a code. Rejects with `unauthorized`. */
export const confirmSecondFactor = changeByCode({
  read: 'select second_factor_pending as stored from agents where id = $1',
  write: `
update agents set second_factor = second_factor_pending, second_factor_pending = null, second_factor_step = $3
 where id = $1 and second_factor is null and second_factor_pending = $2`,
  type: 'second-factor-added',
});

/** Rejects with `unauthorized` for a wrong code. Without the app, `rtc-desk reset-password` removes the factor. */
export const removeSecondFactor = changeByCode({
  read: 'select second_factor as stored from agents where id = $1',
  write: `
update agents set second_factor = null, second_factor_step = $3
 where id = $1 and second_factor = $2 and (second_factor_step is null or second_factor_step < $3)`,
  type: 'second-factor-removed',
});

interface Change {
  /** Reads the secret that the code has to fit. */
  readonly read: string;
  readonly write: string;
  readonly type: 'second-factor-added' | 'second-factor-removed';
}

function changeByCode({ read, write, type }: Change) {
  return async (
    database: Database,
    key: Uint8Array,
    { id, site, username }: SessionAgent,
    code: string,
    from: RequestOrigin,
  ): Promise<AuditReceipt> => {
    const { rows } = await database.query<{ stored: Buffer | null }>(read, [id]);
    const stored = rows[0]?.stored;
    if (!stored) throw new RtcDeskError('conflict', 'There is no second factor.');
    const wrong = new RtcDeskError('unauthorized', 'The code is wrong.');
    // A code has six digits: guesses are limited like those of the password.
    await countSignIn(database, site, username);
    const step = stepOfCode(openSecondFactor(key, id, stored), code);
    if (step === null) throw wrong;
    return database.transaction(async (tx) => {
      const { rowCount } = await tx.query(write, [id, stored, step]);
      if (rowCount === 0) throw wrong;
      await forgetFailures(tx, site, username);
      const actor = { kind: 'agent', agentId: id } as const;
      return writeAudit(tx, { site, type, actor, address: from.address });
    });
  };
}
