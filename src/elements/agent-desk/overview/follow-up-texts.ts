import { msg } from '@lit/localize';
import type { CallbackState } from '../../../protocol/rest/follow-ups.ts';

export function callbackStateText(state: CallbackState): string {
  switch (state) {
    case 'waiting':
      return msg('Callback: waiting for its turn');
    case 'due':
      return msg('Callback: in the queue');
    case 'offering':
      return msg('Callback: ringing at an agent');
    case 'calling':
      return msg('Callback: inviting the visitor');
    case 'reached':
      return msg('Callback: reached');
    case 'no-answer':
      return msg('Callback: not reached');
    case 'expired':
      return msg('Callback: expired');
    case 'cancelled':
      return msg('Callback: cancelled');
  }
}
