import type { VisitorCallSnapshot } from '../../call/visitor-call-control.ts';
import { CallConnectedEvent, CallEndedEvent } from '../parts/events/call-events.ts';
import { tellError } from '../parts/texts/error-text.ts';
import { CallQueuedEvent, CallRingingEvent } from './events.ts';

/** Dispatches the events that tell what changed from one snapshot to the next. */
export class CallAnnouncer {
  readonly #target: EventTarget;
  #last: VisitorCallSnapshot | null = null;
  /** The call whose `call-connected` was dispatched. A reconnect does not dispatch it again. */
  #connected: string | null = null;

  constructor(target: EventTarget) {
    this.#target = target;
  }

  announce(now: VisitorCallSnapshot): void {
    const before = this.#last;
    this.#last = now;
    const { callId, state } = now;
    const entered = before?.state !== state;
    if (state === 'queued' && callId !== null && now.position !== null && !samePlace(before, now)) {
      const { position, estimate } = now;
      this.#target.dispatchEvent(new CallQueuedEvent({ callId, position, estimate }));
    }
    if (state === 'ringing' && entered) this.#target.dispatchEvent(new CallRingingEvent());
    if (state === 'connected' && callId !== null && this.#connected !== callId) {
      this.#connected = callId;
      this.#target.dispatchEvent(new CallConnectedEvent({ callId }));
    }
    if (state === 'ended' && entered && now.ended) {
      const { reason, seconds } = now.ended;
      this.#target.dispatchEvent(new CallEndedEvent({ callId: callId ?? '', reason, seconds }));
    }
    if (state === 'failed' && entered && now.error) void tellError(this.#target, now.error);
  }
}

function samePlace(before: VisitorCallSnapshot | null, now: VisitorCallSnapshot): boolean {
  return (
    before?.state === 'queued' &&
    before.callId === now.callId &&
    before.position === now.position &&
    before.estimate?.min === now.estimate?.min &&
    before.estimate?.max === now.estimate?.max
  );
}
