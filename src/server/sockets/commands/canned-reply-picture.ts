import { deskReplyReader, readReplyPicture } from '../../configuration/canned-replies.ts';
import { picturePart } from '../../history/picture-part.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

export const cannedReplyPicture: CommandHandler<'canned-reply-picture'> = async (
  node,
  connection,
  { replyId, offset },
) => {
  const { agentId } = requireViewer(connection, 'agent');
  const reader = await deskReplyReader(node.database, agentId);
  return picturePart(await readReplyPicture(node.database, reader, replyId), offset);
};
