import { addCaption as storeCaption } from '../../captions/add-caption.ts';
import { requireEntered, type CommandHandler } from './command-handler.ts';

export const addCaption: CommandHandler<'add-caption'> = async (
  { database },
  connection,
  { room, captionId: id, text, language, startedAt },
) => {
  const { participant } = requireEntered(connection, room);
  const line = { room, participant, id, text, language, startedAt };
  return { kept: await storeCaption(database, line) };
};
