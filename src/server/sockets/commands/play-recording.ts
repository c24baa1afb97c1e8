import { makePlayCode } from '../../recordings/play-recording.ts';
import type { CommandHandler } from './command-handler.ts';
import { readAudited } from './read-audited.ts';

export const playRecording: CommandHandler<'play-recording'> = (
  node,
  connection,
  { recordingId },
) =>
  readAudited(
    node,
    connection,
    { type: 'recording-read', subject: `recording:${recordingId}` },
    (tx, agentId) => makePlayCode(tx, node.key, { recordingId, agentId }),
  );
