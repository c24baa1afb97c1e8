import type { AuditEntry } from '../../audit/audit-entry.ts';
import { logAudit } from '../../audit/log-audit.ts';
import { writeAudit } from '../../audit/write-audit.ts';
import type { Queryable } from '../../database/database.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import { requireViewer } from './command-handler.ts';

/** Pages of one call that are read within this time are one reading. */
const READING_MS = 10 * 60_000;

/** What is read about a call. */
export const ofCall = (callId: string) =>
  ({ type: 'record-read', subject: `call:${callId}` }) as const;

type Read<T> = (tx: Queryable, asked: { callId: string; agentId: string }) => Promise<T>;

/** An agent reads something. The security log is told in the same transaction. */
export async function readAudited<T>(
  node: NodeContext,
  connection: Connection,
  what: Pick<AuditEntry, 'type' | 'subject'>,
  read: (tx: Queryable, agentId: string) => Promise<T>,
): Promise<T> {
  const { agentId, site } = requireViewer(connection, 'agent');
  const { value, receipt } = await node.database.transaction(async (tx) => ({
    value: await read(tx, agentId),
    receipt: await writeAudit(tx, {
      site: site.id,
      actor: { kind: 'agent', agentId },
      address: connection.origin.address,
      ...what,
    }),
  }));
  logAudit(node.logger, receipt);
  return value;
}

/**
 * An agent reads a past call: its record, and its conversation page by page. The security log gets one row for each
 * reading on a connection.
 */
export async function readPastAudited<T>(
  node: NodeContext,
  connection: Connection,
  callId: string,
  read: Read<T>,
): Promise<T> {
  const { agentId } = requireViewer(connection, 'agent');
  const told = connection.toldReadings.get(callId);
  if (told !== undefined && Date.now() - told < READING_MS) {
    return read(node.database, { callId, agentId });
  }
  const value = await readAudited(node, connection, ofCall(callId), (tx) =>
    read(tx, { callId, agentId }),
  );
  connection.toldReadings.set(callId, Date.now());
  return value;
}
