import { deskReach } from '../../follow-ups/desk-reach.ts';
import { listFollowUps } from '../../follow-ups/list-follow-ups.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** Of one answer. A text may be 2,000 characters long. */
const PAGE_ROWS = 20;

export const followUps: CommandHandler<'follow-ups'> = async (
  { database },
  connection,
  { cursor },
) => {
  const { agentId, site } = requireViewer(connection, 'agent');
  const reach = await deskReach(database, { agentId, siteId: site.id });
  return listFollowUps(database, reach, {
    status: 'open',
    limit: PAGE_ROWS,
    ...(cursor !== undefined && { cursor }),
  });
};
