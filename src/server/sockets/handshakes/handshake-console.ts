import { RtcDeskError } from '../../../protocol/errors.ts';
import { findSessionAgent } from '../../identity/find-session-agent.ts';
import { reachOf } from '../../identity/permissions.ts';
import { readConsoleCookie } from '../../identity/session-cookie.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { ConsoleViewer } from '../viewer.ts';

/**
 * Rejects with `unauthorized`, and with `forbidden` if the person's role sees no live board. It writes no
 * row of `connections`: a person who watches the board does not count as an agent who is there. The socket lives as
 * long as the sign-in.
 */
export async function handshakeConsole(
  { database }: NodeContext,
  { origin }: Connection,
): Promise<ConsoleViewer> {
  // Browsers send cookies with the sockets of any page, so only a page of this server may use it.
  const isOwn = origin.origin !== null && origin.own.has(origin.origin);
  const token = isOwn ? readConsoleCookie(origin.cookie) : null;
  if (token === null) throw new RtcDeskError('unauthorized', 'A session of the console is needed.');
  const { id, site, role, session } = await findSessionAgent(database, token);
  if (reachOf({ kind: 'session', role }, 'reports') === 'none') {
    throw new RtcDeskError('forbidden', 'This role sees no live board.');
  }
  return {
    role: 'console',
    site: { id: site },
    agentId: id,
    credential: { kind: 'session', hash: session },
  };
}
