import * as history from '../../history/past-calls.ts';
import { findPlayable } from '../../recordings/play-recording.ts';
import type { CommandHandler } from './command-handler.ts';
import { readPastAudited } from './read-audited.ts';

export const readPastCall: CommandHandler<'read-past-call'> = (node, connection, { callId }) =>
  readPastAudited(node, connection, callId, async (tx, asked) => ({
    ...(await history.readPastCall(tx, asked)),
    recording: await findPlayable(tx, asked),
  }));
