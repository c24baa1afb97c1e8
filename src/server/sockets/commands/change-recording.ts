import * as recordings from '../../recordings/change-recording.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

type ChangeCommand =
  | 'start-recording'
  | 'pause-recording'
  | 'resume-recording'
  | 'stop-recording'
  | 'recording-failed';

const handler =
  <T extends ChangeCommand>(change: recordings.RecordingChange): CommandHandler<T> =>
  async ({ database, recordingFolder }, connection, command) => {
    const { agentId } = requireViewer(connection, 'agent');
    if (change === 'start') await recordingFolder?.requireSpaceForRecording();
    const reason = 'reason' in command ? command.reason : undefined;
    await recordings.changeRecording(database, {
      callId: command.callId,
      agentId,
      change,
      ...(reason && { reason }),
    });
    return null as never;
  };

export const startRecording = handler<'start-recording'>('start');
export const pauseRecording = handler<'pause-recording'>('pause');
export const resumeRecording = handler<'resume-recording'>('resume');
export const stopRecording = handler<'stop-recording'>('stop');
export const recordingFailed = handler<'recording-failed'>('fail');
