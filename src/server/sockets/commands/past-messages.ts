import { readPastMessages } from '../../history/past-messages.ts';
import type { CommandHandler } from './command-handler.ts';
import { readAudited } from './read-audited.ts';

export const pastMessages: CommandHandler<'past-messages'> = async (
  node,
  connection,
  { callId, after },
) => ({
  messages: await readAudited(node, connection, callId, (tx, asked) =>
    readPastMessages(tx, { ...asked, after }),
  ),
});
