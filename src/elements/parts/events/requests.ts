import type {
  Credentials,
  PasswordChange,
  RecordingStep,
} from '../../../call/agent-desk-control.ts';
import type { PictureSize } from '../../../call/room-control.ts';
import type { FlowAnswer } from '../../../protocol/flow.ts';
import type { ChosenStatus } from '../../../protocol/views.ts';

type Device = { readonly deviceId: string };
type Switch = { readonly on: boolean };

/**
 * What an inner element asks of the element around it: the event's name, and its detail; `undefined` for none.
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
  /** The tile that fills the stage, as its key; null for none. */
  'pin-request': { readonly key: string | null };
  'picture-size-request': { readonly person: string; readonly size: PictureSize };
  'send-text-request': { readonly text: string };
  'send-image-request': { readonly image: Blob };
  'retry-message-request': { readonly id: string };
  'typing-request': undefined;
  'read-request': undefined;
  'leave-request': undefined;
  /** The first picture of somebody else is on the screen. */
  'first-frame-request': undefined;
  'chat-request': { readonly open: boolean };
  /** Opens the menu of further tools beside the button, or runs the tool of this name. */
  'more-request': { readonly anchor: HTMLElement | null; readonly tool?: string };

  // An agent's desk.
  'sign-in-request': Credentials;
  'sign-out-request': undefined;
  'change-password-request': PasswordChange;
  'status-request': { readonly status: ChosenStatus };
  'accept-request': undefined;
  'decline-request': undefined;
  'end-call-request': undefined;
  'finish-wrap-up-request': undefined;
  'extend-wrap-up-request': undefined;
  'disposition-request': { readonly callId: string; readonly code: string | null };
  'note-request': { readonly callId: string; readonly text: string };
  'tags-request': { readonly callId: string; readonly tags: readonly string[] };
  /** Shows a call that is over. */
  'past-call-request': { readonly callId: string };
  'activate-tab-request': undefined;
  'recording-request': { readonly step: RecordingStep };
  'sound-request': undefined;
  'notifications-request': undefined;

  // A visitor's panel.
  /** The call in a small window, or in full. */
  'minimise-request': { readonly small: boolean };
  'hang-up-request': undefined;
  'call-again-request': undefined;
  'take-over-request': undefined;
  /** Enters the room of an agent who waits. */
  'join-call-request': undefined;
  'close-request': undefined;
  /** Opens the device test in a tab of its own. */
  'device-test-request': undefined;
  /** Shows a code with which the visitor continues on a phone. */
  'hand-over-request': undefined;
  /** Answers the step of a flow; null goes back. */
  'flow-answer-request': { readonly node: string; readonly value: FlowAnswer };
  /** The panel covers the place of a floating button, or no longer does. */
  'cover-request': { readonly covered: boolean };
}

export type RequestName = keyof Requests;

/** Cancelled if the outer element refused at once, so that a field keeps a text that was not sent. */
export class RequestEvent<N extends RequestName = RequestName> extends Event {
  constructor(
    name: N,
    readonly detail: Requests[N],
  ) {
    super(name, { bubbles: true, composed: true, cancelable: true });
  }
}

/** Sends a request up from `element`. Returns false if it was refused at once. */
export function ask<N extends RequestName>(
  element: EventTarget,
  name: N,
  ...[detail]: Requests[N] extends undefined ? [] : [Requests[N]]
): boolean {
  return element.dispatchEvent(new RequestEvent(name, detail as Requests[N]));
}

/** The outer element's answers. One that returns false refuses the request. */
export type RequestHandlers = { readonly [N in RequestName]?: (detail: Requests[N]) => unknown };

/** Handles the requests that come up to `host`; they go no further. */
export function handleRequests(host: EventTarget, handlers: RequestHandlers): void {
  for (const [name, handle] of Object.entries(handlers)) {
    host.addEventListener(name, (event) => {
      event.stopPropagation();
      const { detail } = event as RequestEvent;
      if ((handle as (detail: unknown) => unknown)(detail) === false) event.preventDefault();
    });
  }
}

type RequestEvents = { [N in RequestName]: RequestEvent<N> };

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  interface GlobalEventHandlersEventMap extends RequestEvents {}
}
