import { listFollowUps } from '../../follow-ups/list-follow-ups.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';
import { followUpReach } from './follow-up-reach.ts';

/** Of one answer. A text may be 2,000 characters long. */
const PAGE_ROWS = 20;

export const followUps: CommandHandler<'follow-ups'> = async (
  { database },
  connection,
  { cursor },
) => {
  const viewer = requireViewer(connection, 'agent');
  const reach = await followUpReach(database, viewer);
  return listFollowUps(database, reach, {
    status: 'open',
    limit: PAGE_ROWS,
    ...(cursor !== undefined && { cursor }),
  });
};
