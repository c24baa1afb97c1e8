/**
 * The messages between a CRM's page and the desk in its iframe. Two messages between the windows open a
 * channel; each is posted to one exact origin. All other messages go through the channel.
 *
 *     CRM  → desk  {rtcDesk: 'connect', version, nonce}
 *     desk → CRM   {rtcDesk: 'connected', version, nonce, status} and a port
 *                | {rtcDesk: 'refused', version, nonce, code}
 *     through the port:
 *     CRM  → desk  {type: 'call', id, method, argument?}
 *     desk → CRM   {type: 'result', id, ok: true} | {type: 'result', id, ok: false, code, message}
 *                | {type: 'event', name, detail} | {type: 'closing'}
 */
export const BRIDGE_VERSION = 1;

/** The methods of the desk that a CRM may call. */
export const BRIDGE_METHODS = [
  'signIn',
  'signOut',
  'setStatus',
  'accept',
  'decline',
  'endCall',
  'finishWrapUp',
  'extendWrapUp',
  'setDisposition',
] as const;
export type BridgeMethod = (typeof BRIDGE_METHODS)[number];

/** The events of the desk that a CRM gets. */
export const BRIDGE_EVENTS = [
  'desk-ready',
  'desk-status',
  'call-offered',
  'call-withdrawn',
  'call-accepted',
  'call-connected',
  'call-ended',
  'call-error',
] as const;
export type BridgeEventName = (typeof BRIDGE_EVENTS)[number];

export interface ConnectMessage {
  readonly rtcDesk: 'connect';
  readonly version: number;
  readonly nonce: string;
}

export type ConnectAnswer =
  | {
      readonly rtcDesk: 'connected';
      readonly version: number;
      readonly nonce: string;
      readonly status: string;
    }
  | {
      readonly rtcDesk: 'refused';
      readonly version: number;
      readonly nonce: string;
      readonly code: string;
    };

export interface CallMessage {
  readonly type: 'call';
  readonly id: number;
  readonly method: BridgeMethod;
  readonly argument?: unknown;
}

export type DeskMessage =
  | { readonly type: 'result'; readonly id: number; readonly ok: true }
  | {
      readonly type: 'result';
      readonly id: number;
      readonly ok: false;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: 'event'; readonly name: BridgeEventName; readonly detail: unknown }
  /** The desk's page is left. It may come back with another channel. */
  | { readonly type: 'closing' };

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function oneOf(list: readonly string[], value: unknown): boolean {
  return typeof value === 'string' && list.includes(value);
}

export function isConnectMessage(data: unknown): data is ConnectMessage {
  return (
    isRecord(data) &&
    data.rtcDesk === 'connect' &&
    typeof data.version === 'number' &&
    typeof data.nonce === 'string' &&
    data.nonce.length <= 64
  );
}

export function isConnectAnswer(data: unknown): data is ConnectAnswer {
  return (
    isRecord(data) &&
    typeof data.version === 'number' &&
    typeof data.nonce === 'string' &&
    ((data.rtcDesk === 'connected' && typeof data.status === 'string') ||
      (data.rtcDesk === 'refused' && typeof data.code === 'string'))
  );
}

export function isCallMessage(data: unknown): data is CallMessage {
  return (
    isRecord(data) &&
    data.type === 'call' &&
    Number.isSafeInteger(data.id) &&
    oneOf(BRIDGE_METHODS, data.method)
  );
}

export function isDeskMessage(data: unknown): data is DeskMessage {
  if (!isRecord(data)) return false;
  if (data.type === 'event') return oneOf(BRIDGE_EVENTS, data.name);
  if (data.type === 'closing') return true;
  return (
    data.type === 'result' &&
    Number.isSafeInteger(data.id) &&
    (data.ok === true ||
      (data.ok === false && typeof data.code === 'string' && typeof data.message === 'string'))
  );
}
