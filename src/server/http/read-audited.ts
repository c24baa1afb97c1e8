import type { FastifyRequest } from 'fastify';
import type { AuditEntry } from '../audit/audit-entry.ts';
import { logAudit } from '../audit/log-audit.ts';
import { writeAudit } from '../audit/write-audit.ts';
import type { Queryable } from '../database/database.ts';
import { callerOf } from './callers.ts';
import type { HttpContext } from './http-context.ts';

type Reading = Pick<AuditEntry, 'subject' | 'after'>;

/**
 * Reads something for a caller, and tells the security log of it in the same transaction. Rejects with `missing()` where
 * `read` finds nothing.
 */
export function auditedReader(
  { database, logger, proxies }: Pick<HttpContext, 'database' | 'logger' | 'proxies'>,
  missing: () => Error,
  type: 'record-read' | 'recording-read' = 'record-read',
) {
  return async <T>(
    request: Pick<FastifyRequest, 'raw'>,
    what: Reading,
    read: (tx: Queryable) => Promise<T | null | undefined>,
  ): Promise<T> => {
    const { siteId, actor } = callerOf(request);
    const { found, receipt } = await database.transaction(async (tx) => {
      const value = await read(tx);
      if (value === null || value === undefined) throw missing();
      const address = proxies.clientAddress(request.raw);
      const entry = { site: siteId, type, actor, address, ...what } as const;
      return { found: value, receipt: await writeAudit(tx, entry) };
    });
    logAudit(logger, receipt);
    return found;
  };
}
