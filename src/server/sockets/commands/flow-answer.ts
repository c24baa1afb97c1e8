import { RtcDeskError } from '../../../protocol/errors.ts';
import { answerFlow } from '../../flows/answer-flow.ts';
import { requireViewer, type CommandHandler } from './command-handler.ts';

/** `flow-changed` if the call stands at another step by now. */
export const flowAnswer: CommandHandler<'flow-answer'> = async (
  node,
  connection,
  { callId, node: step, value },
) => {
  const viewer = requireViewer(connection, 'visitor');
  if (viewer.callId !== callId) throw new RtcDeskError('forbidden', 'This call is not yours.');
  const input = value === null ? ({ kind: 'back' } as const) : ({ kind: 'answer', value } as const);
  const request = await answerFlow(node.database, { callId, node: step, input });
  if (request !== null) node.requestForFlow(callId, request);
  return null;
};
