import type { EndReason } from '../../../protocol/views.ts';

// In a file of its own because the button tells of failures before anything else is loaded.
export { CallErrorEvent, type CallFailure } from './call-error-event.ts';

export interface CallConnected {
  readonly callId: string;
}

export interface CallEnded {
  readonly callId: string;
  readonly reason: EndReason;
  /** Talk time; 0 where the two never met. */
  readonly seconds: number;
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

declare global {
  interface GlobalEventHandlersEventMap {
    'call-connected': CallConnectedEvent;
    'call-ended': CallEndedEvent;
  }
}
