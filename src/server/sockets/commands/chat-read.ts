import { markRead } from '../../chat/mark-read.ts';
import { requireEntered, type CommandHandler } from './command-handler.ts';

export const chatRead: CommandHandler<'chat-read'> = async (
  node,
  connection,
  { room, sequence },
) => {
  const { participant } = requireEntered(connection, room);
  await markRead(node.database, { room, participant, sequence });
  return null;
};
