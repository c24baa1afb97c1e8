import * as legs from '../../legs/decline-offer.ts';
import { requireOwnLeg } from '../../legs/own-leg.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

export const declineOffer: CommandHandler<'decline-offer'> = async (
  node,
  connection,
  { legId },
) => {
  const { agentId } = requireViewer(connection, 'agent');
  const { state } = await requireOwnLeg(node.database, { legId, agentId });
  if (state !== 'declined') await legs.declineOffer(node.database, { legId, agentId });
  return null;
};
