import * as callbacks from '../../callbacks/end-with-callback.ts';
import { requireOwnParticipant, type CommandHandler } from './command-handler.ts';

export const endWithCallback: CommandHandler<'end-with-callback'> = async (
  { database },
  connection,
  { room, participant },
) => {
  await requireOwnParticipant(database, connection, { room, participant });
  const { viewer } = connection;
  const agentId = viewer?.role === 'agent' ? viewer.agentId : null;
  await callbacks.endWithCallback(database, { room, agentId });
  return null;
};
