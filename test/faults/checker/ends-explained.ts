import { limits } from '../../../src/protocol/limits.ts';
import type { Facts } from './facts.ts';
import type { Breach, CallEvent } from './history.ts';

const promise = 'nobody loses a call without a cause';
/** The clocks of recorder and database differ, and messages take time; in ms. */
const TOLERANCE_MS = 2_000;
/** `timeouts.enterVisitor` of the server: a visitor who is online and does not enter. */
const MEDIA_FAILS_AFTER_MS = 60_000;
/** `timeouts.visitorGraceUnsettled` of the server: the shortest grace of a visitor who waits. */
const SHORTEST_WAITING_GRACE_MS = 15_000;

/**
 * A call ends, and is taken from an agent, only for a cause that can be seen from outside. Every end has a reason, and
 * it is the last event.
 */
export function* endsExplained(facts: Facts): Iterable<Breach> {
  const endReasons = new Map(facts.record.calls.map(({ id, endedReason }) => [id, endedReason]));
  for (const [callId, events] of facts.callEvents()) {
    for (const [index, event] of events.entries()) {
      const before = events[index - 1];
      if (before && !isExplained(facts, event, before)) {
        yield {
          promise,
          evidence: `${callId}: ${event.type} (${event.reason}) after ${before.type} without a cause`,
        };
      }
      if (event.type !== 'ended') continue;
      if (index !== events.length - 1 || event.reason !== endReasons.get(callId)) {
        yield {
          promise,
          evidence: `${callId} ended (${event.reason}) by event ${index + 1} of ${events.length}, and is ${endReasons.get(callId)}`,
        };
      }
    }
  }
}

function isExplained(facts: Facts, event: CallEvent, before: CallEvent): boolean {
  const { callId, type, reason, at } = event;
  const agent = facts.agentName(facts.agentOf(event));
  const lasted = at - before.at;
  switch (reason) {
    case 'cancelled':
    case 'visitor-ended':
      return facts
        .commands('end-call')
        .some(({ who, body }) => body.callId === callId && isVisitor(who));
    case 'agent-ended':
      return facts
        .commands('end-call')
        .some(({ who, body }) => body.callId === callId && who === agent);
    case 'abandoned':
      return wasGone(facts, visitorOf(facts, callId), at, SHORTEST_WAITING_GRACE_MS);
    case 'visitor-gone':
      return wasGone(facts, visitorOf(facts, callId), at, limits.visitorGrace);
    case 'media-failed':
      return lasted >= MEDIA_FAILS_AFTER_MS - TOLERANCE_MS;
    case 'agent-gone':
      return wasGone(facts, agent, at, type === 'ended' ? limits.agentGrace : 0);
    case 'declined':
      return facts
        .commands('decline-offer')
        .some(({ who, body }) => body.legId === event.legId && who === agent);
    case 'missed':
      return lasted >= facts.record.offerSeconds * 1_000 - TOLERANCE_MS;
    case 'room-not-entered':
      return lasted >= limits.enterRoom - TOLERANCE_MS;
    case 'agent-unavailable':
      return facts.commands('set-status').some(({ who }) => who === agent);
    case null:
      // Only a call's end, and the end of an offer, need a reason.
      return type !== 'ended' && !type.startsWith('offer-');
    default:
      return false;
  }
}

const isVisitor = (who: string): boolean => who.startsWith('visitor');

function visitorOf(facts: Facts, callId: string): string | null {
  return facts.done('request-call').find(({ done }) => done.value.callId === callId)?.who ?? null;
}

/**
 * Whether this person had been away for `grace` ms at this time. A node that was killed, stopped or cut off may leave
 * the person a socket that looks alive. So any fault counts if there is no grace.
 */
function wasGone(facts: Facts, who: string | null, at: number, grace: number): boolean {
  // The request was never acknowledged: it is not known whose call this is.
  if (who === null) return true;
  if (grace === 0 && facts.of('fault').some((fault) => fault.at < at + TOLERANCE_MS)) return true;
  return facts
    .absences(who)
    .some(({ from, to }) => from + grace - TOLERANCE_MS <= at && to >= at - TOLERANCE_MS);
}
