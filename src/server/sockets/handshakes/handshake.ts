import type { Hello } from '../../../protocol/client-messages.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { Viewer } from '../viewer.ts';
import { greetAgent } from './handshake-agent.ts';
import { greetGuest } from './handshake-guest.ts';
import { greetVisitor } from './handshake-visitor.ts';

/** Finds out who says hello, and writes down that they are here. Rejects with the code to close with. */
export function greet(node: NodeContext, connection: Connection, hello: Hello): Promise<Viewer> {
  switch (hello.role) {
    case 'visitor':
      return greetVisitor(node, connection, hello);
    case 'agent':
      return greetAgent(node, connection, hello);
    case 'guest':
      return greetGuest(node, connection, hello);
  }
}
