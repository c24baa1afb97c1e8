import type { AgentHello } from '../../../protocol/client-messages.ts';
import { verifyAgentToken } from '../../identity/verify-agent-token.ts';
import { issueParticipant } from '../../rooms/issue-participant.ts';
import { openConnection } from '../../presence/open-connection.ts';
import { requireAllowedOrigin } from '../allowed-origin.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { AgentViewer } from '../viewer.ts';
import { continueConnection } from './continue-connection.ts';
import { joinAnew } from './join-anew.ts';
import { readSite } from './read-site.ts';
import { roomToRejoin } from './room-to-rejoin.ts';

/**
 * Rejects with `unauthorized`, `origin-not-allowed`. The token is looked at here and never again: one
 * that expires in the middle of a call does not cut it, only the next socket needs another.
 */
export async function greetAgent(
  { database, nodeId, key }: NodeContext,
  connection: Connection,
  { token, fresh, continues }: AgentHello,
): Promise<AgentViewer> {
  const { agentId, siteId } = await verifyAgentToken(database, key, token);
  const site = await readSite(database, siteId);
  requireAllowedOrigin(connection.from, site.crm_origins);
  await openConnection(database, { id: connection.id, nodeId, role: 'agent', siteId, agentId });
  if (continues !== undefined) {
    await continueConnection(database, { from: continues, to: connection.id, agentId });
  }
  const room = fresh ? await roomToRejoin(database, connection.id) : null;
  if (room !== null) {
    await joinAnew(() => issueParticipant(database, { room, joiner: { role: 'agent', agentId } }));
  }
  return { role: 'agent', site: { id: siteId }, agentId };
}
