import * as followUps from '../../follow-ups/change-follow-up.ts';
import { deskReach } from '../../follow-ups/desk-reach.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';
import { refuseFollowUp } from './refuse-follow-up.ts';

export const changeFollowUp: CommandHandler<'change-follow-up'> = async (
  { database },
  connection,
  { followUpId: id, version, assigned, handled },
) => {
  const { agentId, site } = requireViewer(connection, 'agent');
  const reach = await deskReach(database, { agentId, siteId: site.id });
  const change = {
    ...(assigned !== undefined && { assignee: assigned ? agentId : null }),
    ...(handled !== undefined && { handled }),
  };
  return followUps
    .changeFollowUp(database, { ...reach, id, version }, change)
    .catch(refuseFollowUp);
};
