import type { Credentials } from '../../../call/agent-desk-control.ts';
import type { PictureSize } from '../../../call/room-control.ts';
import type { ChosenStatus } from '../../../protocol/views.ts';

type Device = { readonly deviceId: string };
type Switch = { readonly on: boolean };

/**
 * What an inner element asks of the element around it: the event's name, and its detail; `null` for none.
 * An inner element changes nothing itself. The outer element asks the headless call, and the next snapshot
 * shows the result.
 */
export interface Requests {
  // Devices, in a room and before it.
  'microphone-request': Switch;
  'camera-request': Switch;

  // A room.
  'screen-request': Switch;
  'use-camera-request': Device;
  'use-microphone-request': Device;
  'use-speaker-request': Device;
  'picture-size-request': { readonly person: string; readonly size: PictureSize };
  'send-text-request': { readonly text: string };
  'send-image-request': { readonly image: Blob };
  'retry-message-request': { readonly id: string };
  'typing-request': null;
  'read-request': null;
  'leave-request': null;
  'chat-request': { readonly open: boolean };
  'fullscreen-request': null;
  'picture-in-picture-request': null;

  // An agent's desk.
  'sign-in-request': Credentials;
  'sign-out-request': null;
  'status-request': { readonly status: ChosenStatus };
  'accept-request': null;
  'decline-request': null;
  'end-call-request': null;
  'finish-wrap-up-request': null;
  'activate-tab-request': null;
  'sound-request': null;
  'notifications-request': null;

  // A visitor's panel.
  'hang-up-request': null;
  'call-again-request': null;
  'take-over-request': null;
  'close-request': null;
  /** The panel covers the place of a floating button, or no longer does. */
  'cover-request': { readonly covered: boolean };
}

export type RequestName = keyof Requests;

/** Cancelled where the outer element refused at once, so that a field keeps a text that was not sent. */
export class RequestEvent<N extends RequestName = RequestName> extends Event {
  constructor(
    name: N,
    readonly detail: Requests[N],
  ) {
    super(name, { bubbles: true, composed: true, cancelable: true });
  }
}

/** Sends a request up from `element`. Returns false where it was refused at once. */
export function ask<N extends RequestName>(
  element: EventTarget,
  name: N,
  ...[detail]: Requests[N] extends null ? [] : [Requests[N]]
): boolean {
  return element.dispatchEvent(new RequestEvent(name, detail ?? (null as Requests[N])));
}

/** The outer element's answers. One that returns false refuses the request. */
export type RequestHandlers = { readonly [N in RequestName]?: (detail: Requests[N]) => unknown };

/** Handles the requests that come up to `host`; they go no further. Returns the function that stops it. */
export function handleRequests(host: EventTarget, handlers: RequestHandlers): () => void {
  const stop = new AbortController();
  for (const [name, handle] of Object.entries(handlers)) {
    const listener = (event: Event): void => {
      event.stopPropagation();
      const { detail } = event as RequestEvent;
      if ((handle as (detail: unknown) => unknown)(detail) === false) event.preventDefault();
    };
    host.addEventListener(name, listener, { signal: stop.signal });
  }
  return () => stop.abort();
}

type RequestEvents = { [N in RequestName]: RequestEvent<N> };

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface GlobalEventHandlersEventMap extends RequestEvents {}
}
