import * as agents from '../../agents/activate-tab.ts';
import { isActiveTab } from '../../agents/is-active-tab.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';
import { rejoinRooms } from '../rejoin-rooms.ts';

/** The tab gets participants of its own in the rooms of the agent's call. Those of the other tab leave. */
export const activateTab: CommandHandler<'activate-tab'> = async (node, connection) => {
  const { agentId } = requireViewer(connection, 'agent');
  const { database } = node;
  if (await isActiveTab(database, connection.id)) return null;
  await agents.activateTab(database, { agentId, connectionId: connection.id });
  await rejoinRooms(database, connection.id);
  return null;
};
