import { enterRoom } from '../../rooms/enter-room.ts';
import { leaveRoom } from '../../rooms/leave-room.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { EnteredRoom } from '../viewer.ts';
import { ownerOf, requireOwnJoin } from './own-room.ts';
import type { Handler } from './handler.ts';

/** Also after a reconnect: from here on, signals and chat of the room come to this connection. */
export const enterOwnRoom: Handler<'enter-room'> = async (node, connection, command) => {
  const { room, participant } = command;
  const said = await enter(node, connection, { room, participant });
  if (connection.ended) return null;
  // A second enter-room of the same connection must not skip what is still to be delivered.
  if (connection.entered?.room !== room) connection.chatDelivered = said;
  node.presence.enter(connection, { room, participant });
  // What was written meanwhile has woken nobody here: the view tells of it.
  node.refresh(connection);
  return null;
};

/** Answers with the last message that was written before. */
async function enter(
  node: NodeContext,
  connection: Connection,
  join: EnteredRoom,
): Promise<number> {
  try {
    const entering = { ...join, connectionId: connection.id, of: ownerOf(connection) };
    return (await enterRoom(node.database, entering)).chatSequence;
  } catch (error) {
    // Refused because it is somebody else's, or because it no longer counts?
    await requireOwnJoin(node.database, connection, join);
    throw error;
  }
}

export const leaveOwnRoom: Handler<'leave-room'> = async (node, connection, command) => {
  const { room, participant } = command;
  await requireOwnJoin(node.database, connection, { room, participant });
  await leaveRoom(node.database, { room, participant });
  if (connection.entered?.participant === participant) node.presence.leave(connection);
  return null;
};
