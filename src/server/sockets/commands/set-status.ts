import * as agents from '../../agents/set-status.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

export const setStatus: CommandHandler<'set-status'> = async (
  node,
  connection,
  { status, reason },
) => {
  const { agentId } = requireViewer(connection, 'agent');
  await agents.setStatus(node.database, {
    agentId,
    status,
    reason: reason ?? null,
    connectionId: connection.id,
  });
  return null;
};
