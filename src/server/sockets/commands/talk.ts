import { appendMessage } from '../../chat/append-message.ts';
import { markRead } from '../../chat/mark-read.ts';
import { readMessages } from '../../chat/read-messages.ts';
import { requireInside, requireOwnRoom } from './own-room.ts';
import type { Handler } from './handler.ts';

export const sendChat: Handler<'chat-send'> = async (node, connection, command) => {
  const { participant } = requireInside(connection, command.room);
  return appendMessage(node.database, {
    room: command.room,
    participant,
    id: command.messageId,
    text: command.text,
    imageId: command.imageId,
  });
};

/** Also of a room that was closed within the hour, to those whose room it was. */
export const showChat: Handler<'chat-history'> = async (node, connection, { room, after }) => {
  await requireOwnRoom(node.database, connection, room);
  return { messages: await readMessages(node.database, { room, after }) };
};

export const readChat: Handler<'chat-read'> = async (node, connection, { room, sequence }) => {
  const { participant } = requireInside(connection, room);
  await markRead(node.database, { room, participant, sequence });
  return null;
};
