import type { AgentHello } from '../../../protocol/client-messages.ts';
import { verifyAgentToken } from '../../identity/verify-agent-token.ts';
import { continueConnection } from '../../presence/continue-connection.ts';
import { openConnection } from '../../presence/open-connection.ts';
import { readSite } from '../../sites/read-site.ts';
import { requireAllowedOrigin } from '../allowed-origin.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import { rejoinRooms } from '../rejoin-rooms.ts';
import type { AgentViewer } from '../viewer.ts';

/**
 * Rejects with `unauthorized`, `origin-not-allowed`. The token is checked here and not again: one that expires
 * during a call ends neither the socket nor the call. The next hello needs another one.
 */
export async function handshakeAgent(
  { database, nodeId, key }: NodeContext,
  connection: Connection,
  { token, fresh, continues }: AgentHello,
): Promise<AgentViewer> {
  const { agentId, siteId } = await verifyAgentToken(database, key, token);
  const site = await readSite(database, siteId);
  requireAllowedOrigin(connection.origin, site.crm_origins);
  await openConnection(database, { id: connection.id, nodeId, role: 'agent', siteId, agentId });
  if (continues !== undefined) {
    await continueConnection(database, { from: continues, to: connection.id, agentId });
  }
  if (fresh) await rejoinRooms(database, connection.id);
  return { role: 'agent', site: { id: siteId }, agentId };
}
