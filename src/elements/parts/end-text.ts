import { msg } from '@lit/localize';
import type { EndReason } from '../../call/visitor-call-control.ts';

/** How a call ended, to the visitor. */
export function endTextForVisitor(reason: EndReason): string {
  switch (reason) {
    case 'cancelled':
      return msg('You cancelled the call.');
    case 'abandoned':
      return msg('You were away for too long, so your place in line was given up.');
    case 'visitor-ended':
      return msg('You left the call.');
    case 'agent-ended':
      return msg('The agent ended the call.');
    case 'visitor-gone':
      return msg('Your connection was lost for too long, so the call ended.');
    case 'agent-gone':
      return msg('The agent’s connection was lost, so the call ended.');
    case 'media-failed':
      return msg('Sound and video could not be connected.');
  }
}
