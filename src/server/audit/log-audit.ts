import type { Logger } from 'pino';
import type { AuditReceipt } from './write-audit.ts';

/** One line for each row of the security log, after its commit. */
export function logAudit(logger: Pick<Logger, 'info'>, ...receipts: readonly AuditReceipt[]): void {
  for (const receipt of receipts) logger.info({ audit: receipt }, 'security log');
}
