import { groupBy, type Facts } from './facts.ts';
import type { Breach, Transition } from './history.ts';

const promise = 'nobody loses their place';

/** A call keeps its age whatever happens to it, stands in line by it, and is served by it. */
export function* placesKept(facts: Facts): Iterable<Breach> {
  yield* sameAge(facts);
  yield* inLineByAge(facts);
  yield* servedByAge(facts);
}

function* sameAge(facts: Facts): Iterable<Breach> {
  const ages = new Map(facts.record.calls.map(({ id, requestedAt }) => [id, requestedAt]));
  const seen = [
    ...facts.seenByVisitors.map(({ who, view }) => ({ who, calls: [view.call] })),
    ...facts.seenByAgents.map(({ who, view }) => ({ who, calls: [view.call, ...view.waiting] })),
  ];
  for (const { who, calls } of seen) {
    for (const call of calls) {
      if (!call || ages.get(call.id) === call.requestedAt) continue;
      yield {
        promise,
        evidence: `${call.id} is of ${ages.get(call.id)}, and ${who} was shown ${call.requestedAt}`,
      };
    }
  }
}

function* inLineByAge(facts: Facts): Iterable<Breach> {
  for (const { who, view, at } of facts.seenByAgents) {
    for (const [skill, line] of groupBy(view.waiting, (call) => call.skill.id)) {
      const inOrder = line.every(
        ({ position, requestedAt }, index) =>
          position === index + 1 && requestedAt >= (line[index - 1]?.requestedAt ?? 0),
      );
      if (!inOrder)
        yield { promise, evidence: `${who} saw the line of ${skill} out of order at ${at}` };
    }
  }
}

/** How long a call must have been waiting, undisturbed, before and after a younger one went ahead; in ms. */
const BEFORE = 3_000;
const AFTER = 2_000;
/** For so long an agent is not asked again about a call that they have just refused; in ms. */
const REFUSED = 10_000;

/**
 * Nobody is offered while an older call of the same group waits. What cannot be held against the queue: an
 * agent who has just refused the older one, and an older one that was busy at that moment, as its visitor
 * came or went.
 */
function* servedByAge(facts: Facts): Iterable<Breach> {
  const calls = new Map(facts.record.calls.map((call) => [call.id, call]));
  const steps = facts.steps();
  const waits = [...steps].flatMap(([callId, list]) => waitsOf(callId, list));
  const visitors = new Map(
    facts.done('request-call').map(({ who, done }) => [done.value.callId, who]),
  );
  for (const { callId, agentId, at } of facts.record.transitions.filter(
    ({ to }) => to === 'offered',
  )) {
    const younger = calls.get(callId);
    for (const wait of waits) {
      const older = calls.get(wait.callId);
      const overtaken =
        older !== undefined &&
        younger !== undefined &&
        older.skill === younger.skill &&
        older.requestedAt < younger.requestedAt &&
        wait.from <= at - BEFORE &&
        wait.to >= at + AFTER;
      if (!overtaken || hasRefused(facts, wait.callId, agentId, at)) continue;
      if (wasDisturbed(facts, visitors.get(wait.callId), at)) continue;
      yield { promise, evidence: `${callId} was offered at ${at} before the older ${wait.callId}` };
    }
  }
}

interface Wait {
  readonly callId: string;
  readonly from: number;
  readonly to: number;
}

function waitsOf(callId: string, steps: readonly Transition[]): Wait[] {
  return steps.flatMap(({ to, at }, index) =>
    to === 'queued' ? [{ callId, from: at, to: steps[index + 1]?.at ?? Infinity }] : [],
  );
}

function hasRefused(facts: Facts, callId: string, agentId: string | null, at: number): boolean {
  return facts.record.offers.some(
    (offer) =>
      offer.callId === callId &&
      offer.agentId === agentId &&
      offer.closedAt !== null &&
      offer.closedAt < at &&
      offer.closedAt > at - REFUSED - 1_000,
  );
}

function wasDisturbed(facts: Facts, visitor: string | undefined, at: number): boolean {
  if (visitor === undefined) return true;
  return facts.events.some(
    (event) =>
      Math.abs(event.at - at) < BEFORE &&
      (event.kind === 'troubled' ||
        ((event.kind === 'joined' || event.kind === 'lost' || event.kind === 'sent') &&
          event.who === visitor)),
  );
}
