import type { AgentHello } from '../../../protocol/client-messages.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import { readSessionCookie } from '../../identity/session-cookie.ts';
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
 * Rejects with `unauthorized`, `invalid-identity`, `origin-not-allowed`, and with `forbidden` if the desk belongs
 * to another site than the agent. The socket lives as long as the sign-in counts (agent-access.ts).
 */
export async function handshakeAgent(
  { database, nodeId, key }: NodeContext,
  connection: Connection,
  hello: AgentHello,
): Promise<AgentViewer> {
  const token = hello.token ?? tokenOfCookie(connection, hello.site);
  const { agentId, siteId, credential } = await verifyAgentToken(database, key, token);
  if (hello.site !== undefined && hello.site !== siteId) {
    throw new RtcDeskError('forbidden', 'This desk is another site’s.');
  }
  const site = await readSite(database, siteId);
  requireAllowedOrigin(connection.origin, site.crm_origins);
  await openConnection(database, { id: connection.id, nodeId, role: 'agent', siteId, agentId });
  const { fresh, continues } = hello;
  if (continues !== undefined) {
    await continueConnection(database, { from: continues, to: connection.id, agentId });
  }
  if (fresh) await rejoinRooms(database, connection.id);
  return { role: 'agent', site: { id: siteId }, agentId, credential };
}

/**
 * The session of the desk's own cookie. Browsers send cookies with the sockets of any page, so only a page of this
 * server may use it. Throws `unauthorized`.
 */
function tokenOfCookie({ origin }: Connection, site: string | undefined): string {
  const isOwn = origin.origin !== null && origin.own.has(origin.origin);
  const token = isOwn && site !== undefined ? readSessionCookie(origin.cookie, site) : null;
  if (token === null) throw new RtcDeskError('unauthorized', 'A token is needed.');
  return token;
}
