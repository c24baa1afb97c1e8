import type { ErrorCode } from '../../../protocol/errors.ts';

export interface CallFailure {
  readonly code: ErrorCode;
  /** A sentence in the language of the element. */
  readonly message: string;
  /** What the person can do about it, in the same language. */
  readonly hint: string;
}

/** Something failed that the person should know about. */
export class CallErrorEvent extends Event {
  constructor(readonly detail: CallFailure) {
    super('call-error', { bubbles: true, composed: true });
  }
}

declare global {
  interface GlobalEventHandlersEventMap {
    'call-error': CallErrorEvent;
  }
}
