import { readPastPicture } from '../../history/past-messages.ts';
import { picturePart } from '../../history/picture-part.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

export const pastPicture: CommandHandler<'past-picture'> = async (
  node,
  connection,
  { callId, pictureId, offset },
) => {
  const { agentId } = requireViewer(connection, 'agent');
  const bytes = await readPastPicture(node.database, { callId, agentId, pictureId });
  return picturePart(bytes, offset);
};
