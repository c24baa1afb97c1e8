import { msg, str } from '@lit/localize';
import { END_REASONS, type EndReason } from '../../../protocol/end-reasons.ts';
import type { CallRecord } from '../../../protocol/rest/calls.ts';
import { recordingFailureText } from '../recordings/recording-texts.ts';
import { agentText, endReasonText, localText } from './call-texts.ts';

type CallEvent = CallRecord['events'][number];
type Reason = CallRecord['legs'][number]['reason'];
type PassedOver = Extract<
  Reason,
  { params: { passedOver: unknown } }
>['params']['passedOver'][number];

/** One event of a call as a sentence. */
export function eventText(call: CallRecord, event: CallEvent): string {
  const agent = event.agent === null ? msg('An agent') : agentText(call, event.agent);
  switch (event.type) {
    case 'created':
      return msg('The visitor asked for help.');
    case 'choosing':
      return msg('The flow began.');
    case 'flow-answered':
      return flowAnswerText(call, event);
    case 'flow-requested':
      return msg('The flow asked a server of the site.');
    case 'message-left':
      return msg('The visitor left a message.');
    case 'callback-requested':
      return msg('The visitor asked to be called back.');
    case 'queued':
      return msg(str`The call waits in the queue of ${call.skill?.name ?? '–'}.`);
    case 'offered':
      return msg(str`It rings at ${agent}.`);
    case 'offer-declined':
      return msg(str`${agent} declined.`);
    case 'offer-missed':
      return msg(str`${agent} did not answer in time.`);
    case 'offer-withdrawn':
      return msg(str`The offer to ${agent} was taken back.`);
    case 'accepted':
      return msg(str`${agent} accepted.`);
    case 'agent-joined':
      return msg(str`${agent} entered the room.`);
    case 'ready':
      return msg('The visitor may enter the room.');
    case 'connected':
      return msg('Visitor and agent are connected.');
    case 'visitor-left':
      return msg('The visitor left, and could come back.');
    case 'visitor-returned':
      return msg('The visitor came back.');
    case 'agent-left':
      return msg(str`${agent} left the room.`);
    case 'owner-changed':
      return msg(str`${agent} answers for the call now.`);
    case 'media-fell-back':
      return msg('The call went on with the built-in media.');
    case 'handed-over':
      return msg('The visitor went on on another device.');
    case 'consent-agreed':
      return event.data['remembered'] === true
        ? msg('The visitor had agreed to the site’s text in an earlier call.')
        : msg('The visitor agreed to the site’s text.');
    case 'consent-refused':
      return msg('The visitor did not agree to the site’s text.');
    case 'drawing-began':
      return msg(str`${agent} began to draw on a picture.`);
    case 'picture-frozen':
      return msg(str`${agent} froze a picture to draw on it.`);
    case 'drawing-ended':
      return msg(str`${agent} put the drawing away.`);
    case 'recording-asked':
      return msg('The visitor was asked whether the call may be recorded.');
    case 'recording-started':
      return msg('The recording began.');
    case 'recording-paused':
      return msg(str`${agent} paused the recording.`);
    case 'recording-resumed':
      return msg('The recording went on.');
    case 'recording-stopped':
      return msg(str`${agent} stopped the recording.`);
    case 'recording-refused':
      return msg('The visitor refused to be recorded.');
    case 'recording-failed':
      return recordingFailedText(event);
    case 'recording-ready':
      return msg('The recording is ready.');
    case 'ended':
      return endedText(event);
    default:
      return event.type;
  }
}

/** What the visitor chose, or by which exit the flow went on. */
function flowAnswerText({ flow }: CallRecord, { sequence, data }: CallEvent): string {
  const found = flow?.answers.find((one) => one.sequence === sequence);
  if (data['back'] === true) return msg('The visitor went back a step.');
  if (typeof data['exit'] === 'string') return exitText(data['exit'], found?.type);
  const step = found?.step && localText(found.step);
  const answer = found?.answer && localText(found.answer);
  if (step && answer) return msg(str`${step} The visitor chose “${answer}”.`);
  if (step) return msg(str`The visitor answered “${step}”.`);
  return msg('The visitor answered a step of the flow.');
}

function exitText(exit: string, type: string | undefined): string {
  if (type === 'request') {
    return exit === 'ok'
      ? msg('The server of the site answered.')
      : msg('The server of the site did not answer.');
  }
  if (exit === 'full') return msg('The queue was full. The flow went on.');
  if (exit === 'nobody') return msg('No agent was there for the queue. The flow went on.');
  if (exit === 'timeout') return msg('The time in the queue was over. The flow went on.');
  return msg('The flow went on.');
}

function recordingFailedText({ data }: CallEvent): string {
  const why = recordingFailureText(typeof data['reason'] === 'string' ? data['reason'] : null);
  return why ? msg(str`The recording failed: ${why}`) : msg('The recording failed.');
}

function endedText({ data }: CallEvent): string {
  const reason = data['reason'];
  const isKnown = (END_REASONS as readonly unknown[]).includes(reason);
  if (!isKnown) return msg('The call ended.');
  const why = endReasonText(reason as EndReason);
  return msg(str`The call ended: ${why}.`);
}

/** Why the call came to this agent: sentences. */
export function reasonTexts(call: CallRecord, reason: Reason): string[] {
  if (reason.code === 'transfer') return [msg('Another agent of the call asked for this agent.')];
  const { group, level, ring, candidates, idleSeconds, passedOver, rulesVersion } = reason.params;
  return [
    chosenText(reason.code),
    msg(str`Group ${group}, level ${level}, free for ${idleSeconds} s.`),
    candidates === 1
      ? msg('Nobody else was a candidate.')
      : msg(str`${candidates} agents were candidates.`),
    ...(ring > 0 ? [msg(str`Ring ${ring} had been reached.`)] : []),
    msg(str`Version ${rulesVersion} of the routing rules of the call’s group decided.`),
    ...passedOver.map((one) => passedOverText(call, one)),
  ];
}

function chosenText(code: Exclude<Reason['code'], 'transfer'>): string {
  switch (code) {
    case 'last-agent':
      return msg('Chosen because this agent served the visitor last.');
    case 'ring':
      return msg('Chosen because nobody who is asked earlier was free.');
    case 'after-refusals':
      return msg('Chosen again because everybody else had refused, too.');
    case 'only-one-free':
      return msg('Chosen because nobody else was free.');
    case 'best-level':
      return msg('Chosen for the best level of those who were free.');
    case 'longest-idle':
      return msg('Chosen because this agent had been free the longest.');
  }
}

function passedOverText(call: CallRecord, { agentId, code }: PassedOver): string {
  const name = agentText(call, agentId);
  switch (code) {
    case 'declined':
      return msg(str`${name} was passed over: had declined this call.`);
    case 'missed':
      return msg(str`${name} was passed over: had not answered this call.`);
    case 'withdrawn':
      return msg(str`${name} was passed over: an offer had been taken back.`);
    case 'busy':
      return msg(str`${name} was passed over: had another call.`);
  }
}
