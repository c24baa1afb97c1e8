import { writeFirstFrame } from '../../calls/first-frame.ts';
import { requireOwnParticipant, type CommandHandler } from './command-handler.ts';

/** In a room without a call nothing is kept. */
export const reportFirstFrame: CommandHandler<'report-first-frame'> = async (
  { database, metrics },
  connection,
  { room, participant, sincePress },
) => {
  await requireOwnParticipant(database, connection, { room, participant });
  metrics.observeSteps(await writeFirstFrame(database, { room, participant, sincePress }));
  return null;
};
