import type { EndReason } from '../../call/visitor-call-control.ts';
import type { ErrorCode } from '../../call/error.ts';

export interface CallConnected {
  readonly callId: string;
}

export interface CallEnded {
  readonly callId: string;
  readonly reason: EndReason;
  /** Talk time; 0 where the two never met. */
  readonly seconds: number;
}

export interface CallFailure {
  readonly code: ErrorCode;
  /** A sentence in the language of the element. */
  readonly message: string;
  /** What the person can do about it, in the same language. */
  readonly hint: string;
}

/** Both sides are in the room. */
export class CallConnectedEvent extends Event {
  constructor(readonly detail: CallConnected) {
    super('call-connected', { bubbles: true, composed: true });
  }
}

/** The call is over, whoever ended it. */
export class CallEndedEvent extends Event {
  constructor(readonly detail: CallEnded) {
    super('call-ended', { bubbles: true, composed: true });
  }
}

/** Something failed that a person should know of. */
export class CallErrorEvent extends Event {
  constructor(readonly detail: CallFailure) {
    super('call-error', { bubbles: true, composed: true });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'call-connected': CallConnectedEvent;
    'call-ended': CallEndedEvent;
    'call-error': CallErrorEvent;
  }
}
