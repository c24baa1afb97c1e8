import { RtcDeskError } from '../../../protocol/errors.ts';
import * as calls from '../../calls/end-call.ts';
import { leaveCall } from '../../calls/leave-call.ts';
import { isEndedCallOfAgent } from '../../legs/own-leg.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** A call that has ended already stays as it is; that is no error. */
export const endCall: CommandHandler<'end-call'> = async (
  node,
  connection,
  { callId, mayReturn },
) => {
  const { database } = node;
  if (connection.viewer?.role === 'visitor') {
    if (connection.viewer.callId !== callId) throw notYours();
    if (mayReturn && (await leaveCall(database, callId))) return null;
    await calls.endCall(database, { callId, by: { role: 'visitor' } });
    return null;
  }
  const { agentId } = requireViewer(connection, 'agent');
  const ended = await calls.endCall(database, { callId, by: { role: 'agent', agentId } });
  if (!ended && !(await isEndedCallOfAgent(database, { callId, agentId }))) throw notYours();
  return null;
};

function notYours(): RtcDeskError {
  return new RtcDeskError('forbidden', 'This call is not yours.');
}
