import { enterRoom } from '../../queue/enter-room.ts';
import { leaveRoom } from '../../queue/leave-room.ts';
import { requireOwnJoin } from './own-room.ts';
import type { Handler } from './handler.ts';

/** Also after a reconnect: from here on, signals and chat of the room come to this connection. */
export const enterOwnRoom: Handler<'enter-room'> = async (node, connection, command) => {
  const { room, participant } = command;
  await requireOwnJoin(node.database, connection, { room, participant });
  await enterRoom(node.database, { room, participant, connectionId: connection.id });
  if (connection.ended) return null;
  const { rows } = await node.database.query<{ chat_sequence: number }>(
    'select chat_sequence from rooms where number = $1',
    [room],
  );
  // A second enter-room of the same connection must not skip what is still to be delivered.
  if (connection.entered?.room !== room) connection.chatDelivered = rows[0]?.chat_sequence ?? 0;
  if (connection.ended) return null;
  node.presence.enter(connection, { room, participant });
  // What was written since the sequence was read has woken nobody here.
  node.deliverChat(room);
  return null;
};

export const leaveOwnRoom: Handler<'leave-room'> = async (node, connection, command) => {
  const { room, participant } = command;
  await requireOwnJoin(node.database, connection, { room, participant });
  await leaveRoom(node.database, { room, participant });
  if (connection.entered?.participant === participant) node.presence.leave(connection);
  return null;
};
