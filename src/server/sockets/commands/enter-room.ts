import * as rooms from '../../rooms/enter-room.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import { requireOwner, requireOwnParticipant, type CommandHandler } from './command-handler.ts';

/** Also sent after a reconnect. From now on signals and chat of the room come to this connection. */
export const enterRoom: CommandHandler<'enter-room'> = async (node, connection, command) => {
  const { room, participant } = command;
  const { lastSequence, readMarks, ownParticipants, drawn } = await enter(node, connection, {
    room,
    participant,
  });
  if (!connection.ended) {
    node.entered(connection, { room, participant, lastSequence, readMarks, drawn });
  }
  return { lastSequence, readMarks, ownParticipants };
};

async function enter(
  { database }: NodeContext,
  connection: Connection,
  own: { readonly room: number; readonly participant: string },
): Promise<rooms.EnteredRoom> {
  const of = requireOwner(connection);
  try {
    return await rooms.enterRoom(database, { ...own, connectionId: connection.id, of });
  } catch (error) {
    // A participant of somebody else is `forbidden`; one of the viewer's own that no longer counts is a `conflict`.
    await requireOwnParticipant(database, connection, own);
    throw error;
  }
}
