import * as legs from '../../legs/finish-wrap-up.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** Does nothing if the wrap-up is over, or the leg is another agent's. */
export const finishWrapUp: CommandHandler<'finish-wrap-up'> = async (
  node,
  connection,
  { legId },
) => {
  const { agentId } = requireViewer(connection, 'agent');
  await legs.finishWrapUp(node.database, { legId, agentId });
  return null;
};
