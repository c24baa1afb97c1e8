import { appendMessage } from '../../chat/append-message.ts';
import { requireEntered, type CommandHandler } from './command-handler.ts';

export const chatSend: CommandHandler<'chat-send'> = async (node, connection, command) => {
  const { participant } = requireEntered(connection, command.room);
  return appendMessage(node.database, {
    room: command.room,
    participant,
    id: command.messageId,
    text: command.text,
    imageId: command.imageId,
  });
};
