import { msg, str } from '@lit/localize';
import type { AgentStatus } from '../../../protocol/agent-view.ts';
import { getLocale } from '../../../locales/admin/locales.ts';
import type { Alert } from './board-state.ts';
import type { BoardConnection } from './board-socket.ts';

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

export function alertText(alert: Alert): string {
  switch (alert) {
    case 'waiting':
      return msg('Many wait');
    case 'longestWait':
      return msg('Long wait');
    case 'serviceLevel':
      return msg('Low service level');
  }
}

/** Why the board does not move; '' while it does. */
export function connectionText(connection: BoardConnection): string {
  switch (connection) {
    case 'connecting':
      return msg('Connecting…');
    case 'online':
      return '';
    case 'lost':
      return msg('The connection is lost. Connecting again… The figures may be old.');
    case 'signed-out':
      return msg('Your session has ended. Sign in again to see the board.');
    case 'forbidden':
      return msg('Your role does not see the live board.');
    case 'outdated':
      return msg('The server has a new version. Load this page again.');
  }
}

export const percentText = (share: number | null): string =>
  share === null
    ? '–'
    : new Intl.NumberFormat(getLocale(), { style: 'percent', maximumFractionDigits: 1 }).format(
        share,
      );

export const answeredWithinText = (seconds: number): string =>
  msg(str`Service level: answered within ${seconds} s`);
