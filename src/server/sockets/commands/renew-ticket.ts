import { RtcDeskError } from '../../../protocol/errors.ts';
import { readTicketHolder } from '../../rooms/read-ticket-holder.ts';
import { requireOwnParticipant, type CommandHandler } from './command-handler.ts';

export const renewTicket: CommandHandler<'renew-ticket'> = async (node, connection, command) => {
  const { room, participant } = command;
  await requireOwnParticipant(node.database, connection, { room, participant });
  const current = await readTicketHolder(node.database, {
    room,
    participant,
    connectionId: connection.id,
  });
  if (!current) throw new RtcDeskError('conflict', 'This participant no longer counts.');
  if (!current.usable) throw new RtcDeskError('forbidden', 'Another tab is in this room.');
  return node.tickets.renew(current.holder, current.now);
};
