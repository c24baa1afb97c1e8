import type { CommandOf, CommandType, CommandValues } from '../../../protocol/client-messages.ts';
import { RtcDeskError } from '../../../protocol/errors.ts';
import type { Queryable } from '../../database/database.ts';
import type { ParticipantOwner } from '../../rooms/enter-room.ts';
import { isOwnParticipant } from '../../rooms/participant-owner.ts';
import type { Connection } from '../connection.ts';
import type { NodeContext } from '../node-context.ts';
import type { EnteredRoom, Viewer } from '../viewer.ts';

/** Carries out one command of one connection. Rejects with an RtcDeskError if it is refused. */
export type CommandHandler<T extends CommandType> = (
  node: NodeContext,
  connection: Connection,
  command: CommandOf<T>,
) => Promise<CommandValues[T]>;

/** The connection's viewer. Throws `forbidden` if the role is another one. */
export function requireViewer<R extends Viewer['role']>(
  { viewer }: Connection,
  role: R,
): Extract<Viewer, { role: R }> {
  if (viewer?.role !== role) throw new RtcDeskError('forbidden', 'This command is not yours.');
  return viewer as Extract<Viewer, { role: R }>;
}

/** Which participants belong to the connection's viewer. Throws `forbidden` before the hello. */
export function requireOwner({ viewer }: Connection): ParticipantOwner {
  switch (viewer?.role) {
    case 'visitor':
      return { role: 'visitor', id: viewer.callId };
    case 'agent':
      return { role: 'agent', id: viewer.agentId };
    case 'guest':
      return { role: 'guest', id: viewer.participant };
    case 'console':
      throw new RtcDeskError('forbidden', 'The console is in no room.');
    case undefined:
      throw new RtcDeskError('forbidden', 'Say hello first.');
  }
}

/** The room as this connection has entered it. Throws `forbidden` if it has not. */
export function requireEntered(connection: Connection, room: number): EnteredRoom {
  const entered = connection.rooms.get(room);
  if (!entered) throw new RtcDeskError('forbidden', 'You are not in this room.');
  return entered;
}

/** Rejects with `forbidden` unless the participant belongs to the connection's viewer. */
export async function requireOwnParticipant(
  db: Queryable,
  connection: Connection,
  { room, participant }: { readonly room: number; readonly participant: string },
): Promise<void> {
  const owner = requireOwner(connection);
  if (await isOwnParticipant(db, { room, participant, owner })) return;
  throw new RtcDeskError('forbidden', 'This participant is not yours.');
}
