import { answerByCallback } from '../../follow-ups/change-follow-up.ts';
import { deskReach } from '../../follow-ups/desk-reach.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';
import { refuseFollowUp } from './refuse-follow-up.ts';

export const callBack: CommandHandler<'call-back'> = async (
  { database },
  connection,
  { followUpId: id, version },
) => {
  const { agentId, site } = requireViewer(connection, 'agent');
  const reach = await deskReach(database, { agentId, siteId: site.id });
  return answerByCallback(database, { ...reach, id, version }).catch(refuseFollowUp);
};
