import { addCaption as storeCaption } from '../../captions/add-caption.ts';
import { requireEntered, type CommandHandler } from './command-handler.ts';

export const addCaption: CommandHandler<'add-caption'> = async (
  { database },
  connection,
  { room, captionId: id, text, language, startedAt, translations = [] },
) => {
  const { participant } = requireEntered(connection, room);
  const line = { room, participant, id, text, language, startedAt, translations };
  return { kept: await storeCaption(database, line) };
};
