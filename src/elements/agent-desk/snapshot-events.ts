import type {
  AgentCallView,
  AgentDeskSnapshot,
  AgentView,
  OfferView,
} from '../../call/agent-desk-control.ts';
import { CallConnectedEvent, CallEndedEvent } from '../parts/events/call-events.ts';
import {
  CallAcceptedEvent,
  CallOfferedEvent,
  CallWithdrawnEvent,
  DeskReadyEvent,
  DeskStatusEvent,
  type DeskCall,
  type DeskStatus,
} from './events.ts';

/** The contract's status of a desk in this state. */
export function deskStatus(snapshot: AgentDeskSnapshot | null): DeskStatus {
  return signedInView(snapshot)?.status ?? 'signed-out';
}

/** What is true now, of a desk that is signed in; null before and after. */
export function signedInView(snapshot: AgentDeskSnapshot | null): AgentView | null {
  return snapshot?.state === 'signed-in' ? snapshot.view : null;
}

/**
 * The events that tell of the way from one snapshot to the next, in order. A snapshot may skip steps (the
 * socket was down meanwhile), so that each event follows from the two states alone.
 */
export function snapshotEvents(
  before: AgentDeskSnapshot | null,
  after: AgentDeskSnapshot,
): readonly Event[] {
  const events: Event[] = [];
  const was = signedInView(before);
  const is = signedInView(after);
  if (!was && is) {
    const { id, username, name } = is.agent;
    events.push(new DeskReadyEvent({ agent: { id, username, name }, status: is.status }));
  }
  if (deskStatus(before) !== deskStatus(after)) {
    events.push(new DeskStatusEvent(deskStatus(after)));
  }
  if (was && is) events.push(...callsThatWent(was, is));
  if (is) events.push(...callsThatCame(was, is, after.clockOffset));
  return events;
}

function* callsThatWent(was: AgentView, is: AgentView): Iterable<Event> {
  const ended = is.wrapUp?.callId === was.wrapUp?.callId ? null : is.wrapUp;
  if (ended) {
    const { reason, seconds } = ended.ended;
    yield new CallEndedEvent({ callId: ended.callId, reason, seconds });
  }
  const gone = new Set<string>();
  if (was.offer && was.offer.id !== is.offer?.id) gone.add(was.offer.callId);
  if (was.call) gone.add(was.call.id);
  for (const callId of gone) {
    if (callId === is.call?.id || callId === ended?.callId) continue;
    const past = was.call && is.today.calls.find((call) => call.id === callId);
    if (past?.reason && past.outcome === 'talked') {
      yield new CallEndedEvent({ callId, reason: past.reason, seconds: past.seconds });
    } else {
      yield new CallWithdrawnEvent(callId);
    }
  }
}

function* callsThatCame(was: AgentView | null, is: AgentView, offset: number): Iterable<Event> {
  const { offer, call } = is;
  if (offer && offer.id !== was?.offer?.id) {
    const deadline = offer.deadline - offset;
    yield new CallOfferedEvent({ ...asDeskCall(offer.callId, offer), deadline });
  }
  if (!call) return;
  const known = was?.call?.id === call.id ? was.call : null;
  if (!known) yield new CallAcceptedEvent(asDeskCall(call.id, call));
  if (call.connectedAt !== null && (known?.connectedAt ?? null) === null) {
    yield new CallConnectedEvent({ callId: call.id });
  }
}

function asDeskCall(callId: string, { visitor, skill }: OfferView | AgentCallView): DeskCall {
  return { callId, visitor, params: visitor.params, skill };
}
