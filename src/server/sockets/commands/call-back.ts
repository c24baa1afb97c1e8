import { answerByCallback } from '../../follow-ups/change-follow-up.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';
import { askedFollowUp, refuseFollowUp } from './follow-up-reach.ts';

export const callBack: CommandHandler<'call-back'> = async (
  { database },
  connection,
  { followUpId, version },
) => {
  const viewer = requireViewer(connection, 'agent');
  const asked = await askedFollowUp(database, viewer, { followUpId, version });
  return answerByCallback(database, asked).catch(refuseFollowUp);
};
