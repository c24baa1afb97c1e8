import { RtcDeskError } from '../../../protocol/errors.ts';
import { verifyAgentToken } from '../../identity/verify-agent-token.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** A CRM's backend has signed a new token before the old one expires. The socket then lives as long as the new one. */
export const renewToken: CommandHandler<'renew-token'> = async (node, connection, { token }) => {
  const { agentId } = requireViewer(connection, 'agent');
  const renewed = await verifyAgentToken(node.database, node.key, token);
  if (renewed.agentId !== agentId) {
    throw new RtcDeskError('forbidden', 'This token is another agent’s.');
  }
  node.signedIn(connection, renewed.credential);
  return null;
};
