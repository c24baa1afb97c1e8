import type { Hello } from '../../../protocol/client-messages.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { Viewer } from '../viewer.ts';
import { handshakeAgent } from './handshake-agent.ts';
import { handshakeConsole } from './handshake-console.ts';
import { handshakeGuest } from './handshake-guest.ts';
import { handshakeVisitor } from './handshake-visitor.ts';

/** Finds out who says hello, and stores the connection. Rejects with the code to close with. */
export function handshake(
  node: NodeContext,
  connection: Connection,
  hello: Hello,
): Promise<Viewer> {
  switch (hello.role) {
    case 'visitor':
      return handshakeVisitor(node, connection, hello);
    case 'agent':
      return handshakeAgent(node, connection, hello);
    case 'console':
      return handshakeConsole(node, connection);
    case 'guest':
      return handshakeGuest(node, connection, hello);
  }
}
