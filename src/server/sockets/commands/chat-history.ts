import { RtcDeskError } from '../../../protocol/errors.ts';
import { readMessages } from '../../chat/read-messages.ts';
import { isOwnRoom } from '../../rooms/participant-owner.ts';
import { requireOwner, type CommandHandler } from './command-handler.ts';

/** Also answers for a room that was closed within the hour, to those who had a participant in it. */
export const chatHistory: CommandHandler<'chat-history'> = async (
  node,
  connection,
  { room, after },
) => {
  const owner = requireOwner(connection);
  if (!(await isOwnRoom(node.database, { room, owner }))) {
    throw new RtcDeskError('forbidden', 'This room is not yours.');
  }
  return { messages: await readMessages(node.database, { room, after }) };
};
