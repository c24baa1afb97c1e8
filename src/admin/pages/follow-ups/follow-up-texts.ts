import { msg } from '@lit/localize';
import type { CallbackState, FollowUp } from '../../../protocol/rest/follow-ups.ts';

export function followUpKindText(kind: FollowUp['kind']): string {
  return kind === 'message' ? msg('Message') : msg('Callback');
}

export function callbackStateText(state: CallbackState): string {
  switch (state) {
    case 'waiting':
      return msg('Waits for its turn');
    case 'due':
      return msg('In the queue');
    case 'offering':
      return msg('Rings at an agent');
    case 'calling':
      return msg('Visitor is asked in');
    case 'reached':
      return msg('Reached');
    case 'no-answer':
      return msg('Not reached');
    case 'expired':
      return msg('Expired');
    case 'cancelled':
      return msg('Cancelled');
  }
}
