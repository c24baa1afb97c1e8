import type { AgentDeskSnapshot } from '../../call/agent-desk-control.ts';
import { activeLeg, ringingLeg, wrapUpLeg } from '../../call/own-legs.ts';
import type { AgentView, LegView } from '../../protocol/views.ts';
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

/** The view of a desk that is signed in; null for any other. */
export function signedInView(snapshot: AgentDeskSnapshot | null): AgentView | null {
  return snapshot?.state === 'signed-in' ? snapshot.view : null;
}

/**
 * The events that tell what happened between two snapshots, in order. A snapshot may skip steps, because
 * the socket was down: each event follows from the two snapshots alone.
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
  const wrapUp = wrapUpLeg(is);
  const ended = wrapUp?.id === wrapUpLeg(was)?.id ? null : (wrapUp?.call ?? null);
  if (ended?.ended) {
    const { reason, seconds } = ended.ended;
    yield new CallEndedEvent({ callId: ended.id, reason, seconds });
  }
  const offer = ringingLeg(was);
  const call = activeLeg(was);
  const gone = new Set<string>();
  if (offer && offer.id !== ringingLeg(is)?.id) gone.add(offer.call.id);
  if (call) gone.add(call.call.id);
  for (const callId of gone) {
    if (callId === activeLeg(is)?.call.id || (ended?.ended && callId === ended.id)) continue;
    const past = call && is.today.calls.find(({ id }) => id === callId);
    if (past?.reason && past.outcome === 'talked') {
      yield new CallEndedEvent({ callId, reason: past.reason, seconds: past.seconds });
    } else {
      yield new CallWithdrawnEvent(callId);
    }
  }
}

function* callsThatCame(was: AgentView | null, is: AgentView, offset: number): Iterable<Event> {
  const offer = ringingLeg(is);
  if (offer && offer.id !== (was && ringingLeg(was)?.id)) {
    const deadline = (offer.deadline ?? offer.offeredAt) - offset;
    yield new CallOfferedEvent({ ...asDeskCall(offer), deadline });
  }
  const leg = activeLeg(is);
  if (!leg) return;
  const before = was && activeLeg(was);
  const known = before?.call.id === leg.call.id ? before : null;
  if (!known) yield new CallAcceptedEvent(asDeskCall(leg));
  if (leg.call.connectedAt !== null && (known?.call.connectedAt ?? null) === null) {
    yield new CallConnectedEvent({ callId: leg.call.id });
  }
}

function asDeskCall({ call: { id, visitor, skill } }: LegView): DeskCall {
  return { callId: id, visitor, params: visitor.params, skill };
}
