import * as wrapUp from '../../wrap-up/set-disposition.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

export const setDisposition: CommandHandler<'set-disposition'> = async (
  node,
  connection,
  { callId, code, note },
) => {
  const { agentId } = requireViewer(connection, 'agent');
  await wrapUp.setDisposition(node.database, { callId, agentId, code, note });
  return null;
};
