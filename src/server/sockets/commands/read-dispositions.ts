import * as configuration from '../../configuration/dispositions.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** The tree of the agent's own site. */
export const readDispositions: CommandHandler<'read-dispositions'> = async (node, connection) => {
  const { site } = requireViewer(connection, 'agent');
  return configuration.readDispositions(node.database, site.id);
};
