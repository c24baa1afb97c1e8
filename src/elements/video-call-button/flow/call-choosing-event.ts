export interface CallChoosing {
  readonly callId: string;
  /** The id of the step. */
  readonly node: string;
}

/** A step of the flow is shown. */
export class CallChoosingEvent extends Event {
  constructor(readonly detail: CallChoosing) {
    super('call-choosing', { bubbles: true, composed: true });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'call-choosing': CallChoosingEvent;
  }
}
