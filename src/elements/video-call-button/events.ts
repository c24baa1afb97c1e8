import type { WaitEstimate } from '../../protocol/views.ts';

export interface CallQueued {
  readonly callId: string;
  /** 1 is next. */
  readonly position: number;
  /** In seconds; null without an estimate. */
  readonly estimate: WaitEstimate | null;
}

/** The call waits in the queue. Dispatched again when the place or the estimate changes. */
export class CallQueuedEvent extends Event {
  constructor(readonly detail: CallQueued) {
    super('call-queued', { bubbles: true, composed: true });
  }
}

/** An agent is being connected. */
export class CallRingingEvent extends Event {
  constructor() {
    super('call-ringing', { bubbles: true, composed: true });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'call-queued': CallQueuedEvent;
    'call-ringing': CallRingingEvent;
  }
}
