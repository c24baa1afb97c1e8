import { RtcDeskError } from '../../../protocol/errors.ts';
import * as legs from '../../legs/accept-offer.ts';
import { requireOwnLeg } from '../../legs/own-leg.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** Of the JSON. The signal stands in the visitor's view, whose frame is limited too. */
const MAX_FIRST_SIGNAL_BYTES = 32 * 1024;

/** An accept whose result was lost is sent again. It is answered as before, as long as the agent is in the call. */
export const acceptOffer: CommandHandler<'accept-offer'> = async (node, connection, command) => {
  const { legId } = command;
  const { agentId } = requireViewer(connection, 'agent');
  const firstSignal = signalText(command.firstSignal);
  const acceptance = {
    legId,
    agentId,
    connectionId: connection.id,
    media: node.media,
    firstSignal,
  };
  try {
    const { callId, room, participant, entered } = await legs.acceptOffer(
      node.database,
      acceptance,
    );
    // The room is new: nobody has written in it.
    if (entered && !connection.ended) {
      const chat = { lastSequence: 0, readMarks: [] };
      node.entered(connection, { room, participant, ...chat, justMade: true });
    }
    return { callId, legId, room, entered };
  } catch (error) {
    // Two tabs of the agent may accept in the same moment: the second one gets the answer of the first.
    const { callId, room } = await requireOwnLeg(node.database, { legId, agentId });
    if (room !== null) return { callId, legId, room, entered: false };
    throw error;
  }
};

function signalText(signal: unknown): string | undefined {
  if (signal === undefined || signal === null) return undefined;
  const text = JSON.stringify(signal);
  if (Buffer.byteLength(text) <= MAX_FIRST_SIGNAL_BYTES) return text;
  throw new RtcDeskError('bad-message', 'The first signal is too large.');
}
