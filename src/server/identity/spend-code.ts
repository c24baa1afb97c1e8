import type { AuditReceipt } from '../audit/write-audit.ts';
import type { Queryable } from '../database/database.ts';
import { spendRecoveryCode } from './recovery-codes.ts';
import type { RequestOrigin } from './request-origin.ts';
import { APP_CODE, openSecondFactor, stepOfCode } from './second-factor.ts';

const SPEND_STEP = `
update agents set second_factor_step = $3
 where id = $1 and second_factor = $2 and (second_factor_step is null or second_factor_step < $3)`;

export interface CodeOwner {
  readonly id: string;
  readonly site: string;
  /** The sealed secret, as it was read. */
  readonly secondFactor: Buffer;
}

/**
 * Accepts a code of the authenticator app, or a recovery code, once. Resolves to the rows of the security log; null:
 * the code is wrong or was used before.
 */
export async function spendCode(
  tx: Queryable,
  key: Uint8Array,
  owner: CodeOwner,
  code: string,
  from: RequestOrigin,
): Promise<readonly AuditReceipt[] | null> {
  const { id, secondFactor } = owner;
  if (!APP_CODE.test(code)) {
    const receipt = await spendRecoveryCode(tx, key, owner, code, from);
    return receipt && [receipt];
  }
  const step = stepOfCode(openSecondFactor(key, id, secondFactor), code);
  if (step === null) return null;
  const { rowCount } = await tx.query(SPEND_STEP, [id, secondFactor, step]);
  return rowCount === 0 ? null : [];
}
