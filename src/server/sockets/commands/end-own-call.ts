import { RtcDeskError } from '../../../protocol/errors.ts';
import { endCall } from '../../calls/end-call.ts';
import type { Handler } from './handler.ts';

/** A call that has ended already stays ended, and that is no error; one of somebody else's is `forbidden`. */
export const endOwnCall: Handler<'end-call'> = async (node, connection, { callId }) => {
  const { viewer } = connection;
  if (viewer?.role === 'visitor') {
    if (viewer.callId !== callId) throw foreign();
    await endCall(node.database, { callId, by: { role: 'visitor' } });
    return null;
  }
  if (viewer?.role !== 'agent') throw foreign();
  const { agentId } = viewer;
  if (await endCall(node.database, { callId, by: { role: 'agent', agentId } })) return null;
  const { rowCount } = await node.database.query(
    'select from calls where id = $1 and agent_id = $2',
    [callId, agentId],
  );
  if (rowCount === 0) throw foreign();
  return null;
};

function foreign(): RtcDeskError {
  return new RtcDeskError('forbidden', 'This call is not yours.');
}
