import type { EndReason } from '../../../protocol/views.ts';

// In a file of its own: the button needs it before anything else is loaded.
export { CallErrorEvent, type CallFailure } from './call-error-event.ts';

export interface CallConnected {
  readonly callId: string;
}

export interface CallEnded {
  readonly callId: string;
  readonly reason: EndReason;
  /** Talk time; 0 if the call never connected. */
  readonly seconds: number;
}

/** Visitor and agent are both in the room. */
export class CallConnectedEvent extends Event {
  constructor(readonly detail: CallConnected) {
    super('call-connected', { bubbles: true, composed: true });
  }
}

/** The call is over, no matter who ended it. */
export class CallEndedEvent extends Event {
  constructor(readonly detail: CallEnded) {
    super('call-ended', { bubbles: true, composed: true });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'call-connected': CallConnectedEvent;
    'call-ended': CallEndedEvent;
  }
}
