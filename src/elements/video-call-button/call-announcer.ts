import type { ErrorCode, VisitorCallSnapshot } from '../../call/visitor-call-control.ts';
import { CallConnectedEvent, CallEndedEvent } from '../parts/events/call-events.ts';
import { tellError } from '../parts/texts/error-text.ts';
import { CallQueuedEvent, CallRingingEvent } from './events.ts';

/** Dispatches the events that tell what changed from one snapshot to the next. */
export class CallAnnouncer {
  readonly #find: () => EventTarget;
  #last: VisitorCallSnapshot | null = null;
  /** The call whose `call-connected` was dispatched. A reconnect does not dispatch it again. */
  #connected: string | null = null;

  /** `find` gives the element that dispatches the events now. */
  constructor(find: () => EventTarget) {
    this.#find = find;
  }

  announce(now: VisitorCallSnapshot): void {
    const before = this.#last;
    const target = this.#find();
    this.#last = now;
    const { callId, state } = now;
    const entered = before?.state !== state;
    if (state === 'queued' && callId !== null && now.position !== null && !samePlace(before, now)) {
      const { position, estimate } = now;
      target.dispatchEvent(new CallQueuedEvent({ callId, position, estimate }));
    }
    if (state === 'ringing' && entered) target.dispatchEvent(new CallRingingEvent());
    if (state === 'connected' && callId !== null && this.#connected !== callId) {
      this.#connected = callId;
      target.dispatchEvent(new CallConnectedEvent({ callId }));
    }
    if (state === 'ended' && entered && now.ended) {
      const { reason, seconds } = now.ended;
      target.dispatchEvent(new CallEndedEvent({ callId: callId ?? '', reason, seconds }));
    }
    if (state === 'failed' && entered && now.error) void tellError(target, now.error, now.retryAt);
    const known = deviceErrors(before);
    for (const code of deviceErrors(now)) if (!known.has(code)) void tellError(target, code);
  }
}

function deviceErrors(snapshot: VisitorCallSnapshot | null): Set<ErrorCode> {
  const { camera, microphone } = snapshot?.local ?? {};
  return new Set([camera?.error, microphone?.error].filter((code) => !!code));
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
