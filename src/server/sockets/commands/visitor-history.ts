import { readVisitorHistory } from '../../history/past-calls.ts';
import type { CommandHandler } from './command-handler.ts';
import { ofCall, readAudited } from './read-audited.ts';

export const visitorHistory: CommandHandler<'visitor-history'> = async (
  node,
  connection,
  { callId },
) => ({
  calls: await readAudited(node, connection, ofCall(callId), (tx, agentId) =>
    readVisitorHistory(tx, { callId, agentId }),
  ),
});
