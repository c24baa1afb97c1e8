import { msg } from '@lit/localize';
import type { EndReason } from '../../call/agent-desk-control.ts';

/** How a call ended, to the agent. */
export function endTextForAgent(reason: EndReason): string {
  switch (reason) {
    case 'cancelled':
      return msg('The visitor cancelled.');
    case 'abandoned':
      return msg('The visitor went away while waiting.');
    case 'visitor-ended':
      return msg('The visitor left the call.');
    case 'agent-ended':
      return msg('You ended the call.');
    case 'visitor-gone':
      return msg('The visitor’s connection was lost.');
    case 'agent-gone':
      return msg('Your connection was lost for too long.');
    case 'media-failed':
      return msg('Sound and video could not be connected.');
  }
}
