import { RtcDeskError } from '../../../protocol/errors.ts';
import * as calls from '../../calls/report-hidden.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** A call that is not `ready` stays as it is. */
export const reportHidden: CommandHandler<'report-hidden'> = async (
  { database },
  connection,
  { callId },
) => {
  const viewer = requireViewer(connection, 'visitor');
  if (viewer.callId !== callId) throw new RtcDeskError('forbidden', 'This call is not yours.');
  await calls.reportHidden(database, callId);
  return null;
};
