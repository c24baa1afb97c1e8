import * as wrapUp from '../../wrap-up/set-tags.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

export const setTags: CommandHandler<'set-tags'> = async (node, connection, { callId, tags }) => {
  const { agentId } = requireViewer(connection, 'agent');
  await wrapUp.setTags(node.database, { callId, agentId, tags });
  return null;
};
