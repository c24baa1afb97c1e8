/** `/crm-bridge.js`: `connectDesk(iframe)` gives a CRM's page the desk's methods and events. */
import { RtcDeskError } from '../protocol/errors.ts';
import { DeskConnection } from './desk-connection.ts';
import { readCrmOrigins } from './desk/read-crm-origins.ts';

export { RtcDeskError, type ErrorCode } from '../protocol/errors.ts';
export type { BridgeEventName } from './crm-messages.ts';
export {
  DeskConnection,
  DeskConnectionEvent,
  type DeskConnectionEvents,
} from './desk-connection.ts';

export interface ConnectDeskOptions {
  /** How long to wait for the desk's answer, in ms. Also holds for each method while the desk reloads. */
  readonly timeout?: number;
}

/**
 * Connects to the desk in `iframe`, whose `src` names the desk's origin. Resolves when the desk has answered.
 * Reconnects by itself when the iframe is reloaded. Rejects with an RtcDeskError: `origin-not-allowed` if
 * the desk does not allow this page's origin, `unsupported-protocol` if desk and bridge have different
 * versions, `offline` if no answer came in time.
 */
export async function connectDesk(
  iframe: HTMLIFrameElement,
  { timeout = 15_000 }: ConnectDeskOptions = {},
): Promise<DeskConnection> {
  const origin = URL.canParse(iframe.src) ? new URL(iframe.src).origin : 'null';
  if (origin === 'null') {
    throw new RtcDeskError('bad-message', "the iframe's src is not the address of a desk");
  }
  const desk = new DeskConnection(iframe, origin, timeout);
  try {
    // A frame that the browser refuses to show cannot answer.
    await Promise.race([desk.opened(), rejectIfNotAllowed(new URL(iframe.src))]);
  } catch (error) {
    desk.disconnect();
    throw error;
  }
  return desk;
}

/**
 * Rejects with `origin-not-allowed` where the desk's server says that this page may not show the desk. Never settles
 * otherwise, also where the server does not answer, or this page's policy lets nobody ask it.
 */
async function rejectIfNotAllowed(address: URL): Promise<never> {
  const [, folder, site] = address.pathname.split('/');
  if (address.origin !== location.origin && folder === 'desk') {
    const origins = await readCrmOrigins(address.origin, site || null).catch(() => null);
    if (origins && !origins.includes(location.origin)) {
      const text = `the desk may not be shown on ${location.origin}: add it to the site's CRM origins`;
      throw new RtcDeskError('origin-not-allowed', text);
    }
  }
  return new Promise(() => {});
}
