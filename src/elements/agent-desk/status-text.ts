import { msg } from '@lit/localize';
import type { AgentStatus } from '../../call/agent-desk-control.ts';

/** The true status, in a word or two. */
export function statusText(status: AgentStatus): string {
  switch (status) {
    case 'available':
      return msg('Available');
    case 'ringing':
      return msg('Ringing');
    case 'busy':
      return msg('In a call');
    case 'wrap-up':
      return msg('Wrap-up');
    case 'break':
      return msg('On break');
    case 'away':
      return msg('Away');
    case 'offline':
      return msg('Offline');
  }
}
