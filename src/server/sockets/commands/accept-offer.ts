import * as legs from '../../legs/accept-offer.ts';
import { requireOwnLeg } from '../../legs/own-leg.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** An accept whose result was lost is sent again. It is answered as before, as long as the agent is in the call. */
export const acceptOffer: CommandHandler<'accept-offer'> = async (node, connection, { legId }) => {
  const { agentId } = requireViewer(connection, 'agent');
  const acceptance = { legId, agentId, connectionId: connection.id, media: node.media };
  try {
    const { callId, room } = await legs.acceptOffer(node.database, acceptance);
    return { callId, legId, room };
  } catch (error) {
    // Two tabs of the agent may accept in the same moment: the second one gets the answer of the first.
    const { callId, room } = await requireOwnLeg(node.database, { legId, agentId });
    if (room !== null) return { callId, legId, room };
    throw error;
  }
};
