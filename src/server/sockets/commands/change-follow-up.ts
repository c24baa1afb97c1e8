import * as followUps from '../../follow-ups/change-follow-up.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';
import { askedFollowUp, refuseFollowUp } from './follow-up-reach.ts';

export const changeFollowUp: CommandHandler<'change-follow-up'> = async (
  { database },
  connection,
  { followUpId, version, assigned, handled },
) => {
  const viewer = requireViewer(connection, 'agent');
  const asked = await askedFollowUp(database, viewer, { followUpId, version });
  const change = {
    ...(assigned !== undefined && { assignee: assigned ? viewer.agentId : null }),
    ...(handled !== undefined && { handled }),
  };
  return followUps.changeFollowUp(database, asked, change).catch(refuseFollowUp);
};
