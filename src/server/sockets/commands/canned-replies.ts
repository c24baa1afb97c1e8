import { deskReplyReader, listReplies } from '../../configuration/canned-replies.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** In JSON a page stays well below what a socket may have to send: a reply has at most 2,000 characters. */
const PAGE_REPLIES = 30;

export const cannedReplies: CommandHandler<'canned-replies'> = async (
  node,
  connection,
  { cursor },
) => {
  const { agentId } = requireViewer(connection, 'agent');
  const reader = await deskReplyReader(node.database, agentId);
  const page = await listReplies(node.database, reader, {
    limit: PAGE_REPLIES,
    cursor,
  });
  return { replies: page.items, cursor: page.cursor };
};
