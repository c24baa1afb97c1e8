import { changeRoomDrawing } from '../../drawings/change-drawing.ts';
import { requireEntered, type CommandHandler } from './command-handler.ts';

export const changeDrawing: CommandHandler<'change-drawing'> = async (
  { database },
  connection,
  { room, change },
) => {
  const { participant } = requireEntered(connection, room);
  await changeRoomDrawing(database, { room, participant, change });
  return null;
};
