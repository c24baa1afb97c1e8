import { msg, str } from '@lit/localize';
import type { RecordingSummary } from '../../../protocol/rest/recordings.ts';

type State = RecordingSummary['state'];

export const RECORDING_STATES: readonly State[] = [
  'ready',
  'recording',
  'paused',
  'uploading',
  'joining',
  'asked',
  'refused',
  'failed',
];

export function recordingStateText(state: State): string {
  switch (state) {
    case 'asked':
      return msg('The visitor is asked');
    case 'recording':
      return msg('Recording');
    case 'paused':
      return msg('Paused');
    case 'refused':
      return msg('Refused by the visitor');
    case 'uploading':
      return msg('Parts are awaited');
    case 'joining':
      return msg('Being put together');
    case 'ready':
      return msg('Ready');
    case 'failed':
      return msg('Failed');
  }
}

/** Why a recording failed; '' for nothing. */
export function recordingFailureText(failure: string | null): string {
  switch (failure) {
    case null:
      return '';
    case 'unsupported':
      return msg('The agent’s browser cannot record.');
    case 'no-space':
      return msg('The agent’s browser had no space.');
    case 'storage-full':
      return msg('The server’s disk was nearly full.');
    case 'upload':
      return msg('The recording could not be sent to the server.');
    case 'media':
      return msg('The agent’s browser could not go on.');
    case 'nothing-heard':
    case 'nothing-arrived':
      return msg('Nothing arrived at the server.');
    case 'unreadable':
      return msg('What arrived cannot be played.');
    case 'cloud-refused':
      return msg('TRTC’s cloud refused to record. The server’s log has its answer.');
    default:
      return msg(str`Reason: ${failure}`);
  }
}

/** Why a recording is not in the object store yet; '' for nothing. */
export function moveFailureText(failure: string | null): string {
  switch (failure) {
    case null:
      return '';
    case 'storage-unreachable':
      return msg('Not in the object store yet: it does not answer. The server tries again.');
    case 'storage-refused':
      return msg('Not in the object store yet: it refuses the server. Check its settings.');
    case 'storage-missing':
    case 'storage-changed':
      return msg('Not in the object store yet: other bytes arrived there. The server tries again.');
    case 'file-missing':
    case 'file-damaged':
      return msg('Not in the object store: the file on the server is damaged.');
    default:
      return msg(str`Not in the object store yet. Reason: ${failure}`);
  }
}

/** Length of all files, in seconds. */
export const recordedSeconds = ({ files }: RecordingSummary): number =>
  files.reduce((sum, { seconds }) => sum + seconds, 0);
