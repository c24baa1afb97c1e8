import { readPastMessages } from '../../history/past-messages.ts';
import type { CommandHandler } from './command-handler.ts';
import { readPastAudited } from './read-audited.ts';

export const pastMessages: CommandHandler<'past-messages'> = async (
  node,
  connection,
  { callId, after },
) => ({
  messages: await readPastAudited(node, connection, callId, (tx, asked) =>
    readPastMessages(tx, { ...asked, after }),
  ),
});
