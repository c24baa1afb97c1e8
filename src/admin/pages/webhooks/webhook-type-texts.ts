import { msg } from '@lit/localize';
import type { WebhookType } from '../../../protocol/rest/webhooks.ts';

/** All types, in the order in which the form shows them. */
export const WEBHOOK_TYPES: readonly WebhookType[] = [
  'call.created',
  'call.flow_answered',
  'call.queued',
  'call.offered',
  'call.offer_missed',
  'call.accepted',
  'call.connected',
  'call.participant_joined',
  'call.participant_left',
  'call.ended',
  'call.wrapped_up',
  'call.rated',
  'message.left',
  'callback.created',
  'callback.due',
  'callback.reached',
  'callback.failed',
  'recording.ready',
  'recording.failed',
  'case_file.ready',
  'agent.status_changed',
  'flow.published',
  'configuration.changed',
  'visitor.erased',
];

/** What happened, for a person. A type of a later server is shown as it is. */
export function webhookTypeText(type: string): string {
  switch (type) {
    case 'call.created':
      return msg('A visitor asked for help');
    case 'call.flow_answered':
      return msg('A visitor answered a step of a flow');
    case 'message.left':
      return msg('A visitor left a message');
    case 'callback.created':
      return msg('A visitor asked to be called back');
    case 'callback.due':
      return msg('A callback is due: its visitor can be asked in');
    case 'callback.reached':
      return msg('A callback reached its visitor');
    case 'callback.failed':
      return msg('A callback ended without a conversation');
    case 'call.queued':
      return msg('A call waits');
    case 'call.offered':
      return msg('A call rings at an agent');
    case 'call.offer_missed':
      return msg('An agent did not answer');
    case 'call.accepted':
      return msg('An agent took a call');
    case 'call.connected':
      return msg('Visitor and agent have met');
    case 'call.participant_joined':
      return msg('A further agent came into a call');
    case 'call.participant_left':
      return msg('An agent left a call');
    case 'call.ended':
      return msg('A call ended');
    case 'call.wrapped_up':
      return msg('A wrap-up is finished');
    case 'call.rated':
      return msg('A visitor rated a call');
    case 'recording.ready':
      return msg('A recording can be played');
    case 'recording.failed':
      return msg('A recording failed');
    case 'case_file.ready':
      return msg('The case file of a call is complete');
    case 'agent.status_changed':
      return msg('An agent’s status changed');
    case 'flow.published':
      return msg('A version of a flow was published');
    case 'configuration.changed':
      return msg('The configuration changed');
    case 'visitor.erased':
      return msg('A visitor was erased');
    case 'webhook.test':
      return msg('Test');
    default:
      return type;
  }
}
