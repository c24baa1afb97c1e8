import * as wrapUp from '../../wrap-up/extend-wrap-up.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

export const extendWrapUp: CommandHandler<'extend-wrap-up'> = async (
  node,
  connection,
  { legId },
) => {
  const { agentId } = requireViewer(connection, 'agent');
  await wrapUp.extendWrapUp(node.database, { legId, agentId });
  return null;
};
