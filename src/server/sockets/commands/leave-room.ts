import * as rooms from '../../rooms/leave-room.ts';
import { requireOwnParticipant, type CommandHandler } from './command-handler.ts';

export const leaveRoom: CommandHandler<'leave-room'> = async (node, connection, command) => {
  const { room, participant } = command;
  await requireOwnParticipant(node.database, connection, { room, participant });
  await rooms.leaveRoom(node.database, { room, participant });
  const entered = connection.rooms.get(room);
  if (entered?.participant === participant) node.presence.leave(connection, entered);
  return null;
};
