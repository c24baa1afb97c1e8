import { RtcDeskError } from '../../../protocol/errors.ts';
import * as handOvers from '../../hand-overs/offer-hand-over.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

export const offerHandOver: CommandHandler<'offer-hand-over'> = async (
  { database },
  connection,
) => {
  const { callId } = requireViewer(connection, 'visitor');
  if (callId === null) throw new RtcDeskError('conflict', 'There is no call to hand over.');
  return handOvers.offerHandOver(database, { callId, connectionId: connection.id });
};
