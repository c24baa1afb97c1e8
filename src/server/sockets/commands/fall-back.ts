import * as rooms from '../../rooms/fall-back.ts';
import { requireOwnParticipant, type CommandHandler } from './command-handler.ts';

export const fallBack: CommandHandler<'fall-back'> = async (node, connection, command) => {
  const { room, participant } = command;
  await requireOwnParticipant(node.database, connection, { room, participant });
  await rooms.fallBack(node.database, { room, participant });
  return null;
};
