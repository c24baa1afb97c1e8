import type { WaitEstimate } from '../../protocol/views.ts';

export interface CallQueued {
  readonly callId: string;
  /** 1 is next. */
  readonly position: number;
  /** Seconds; null where nobody can tell yet. */
  readonly estimate: WaitEstimate | null;
}

/** In line; again whenever the place or the estimate changes. */
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
