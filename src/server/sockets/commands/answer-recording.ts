import { RtcDeskError } from '../../../protocol/errors.ts';
import * as recordings from '../../recordings/change-recording.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

export const answerRecording: CommandHandler<'answer-recording'> = async (
  { database },
  connection,
  { callId, agreed },
) => {
  const viewer = requireViewer(connection, 'visitor');
  if (viewer.callId !== callId) throw new RtcDeskError('forbidden', 'This call is not yours.');
  await recordings.answerRecording(database, { callId, agreed });
  return null;
};
