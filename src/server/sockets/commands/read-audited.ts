import { logAudit } from '../../audit/log-audit.ts';
import { writeAudit } from '../../audit/write-audit.ts';
import type { Queryable } from '../../database/database.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import { requireViewer } from './command-handler.ts';

/** An agent reads about a past call. The security log is told in the same transaction. */
export async function readAudited<T>(
  node: NodeContext,
  connection: Connection,
  callId: string,
  read: (tx: Queryable, asked: { callId: string; agentId: string }) => Promise<T>,
): Promise<T> {
  const { agentId, site } = requireViewer(connection, 'agent');
  const { value, receipt } = await node.database.transaction(async (tx) => ({
    value: await read(tx, { callId, agentId }),
    receipt: await writeAudit(tx, {
      site: site.id,
      type: 'record-read',
      actor: { kind: 'agent', agentId },
      address: connection.origin.address,
      subject: `call:${callId}`,
    }),
  }));
  logAudit(node.logger, receipt);
  return value;
}
