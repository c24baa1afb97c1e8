import { groupBy, type Facts } from './facts.ts';
import type { Breach, CallEvent } from './history.ts';

const promise = 'nobody loses their place';

/** A call keeps its time of request, stands in the queue by it, and is served by it. */
export function* placesKept(facts: Facts): Iterable<Breach> {
  yield* sameRequestTime(facts);
  yield* queuesInOrder(facts);
  yield* servedInOrder(facts);
}

function* sameRequestTime(facts: Facts): Iterable<Breach> {
  const stored = new Map(facts.record.calls.map(({ id, requestedAt }) => [id, requestedAt]));
  const seen = [
    ...facts.seenByVisitors.map(({ who, view }) => ({ who, calls: [view.call] })),
    ...facts.seenByAgents.map(({ who, view }) => ({
      who,
      calls: [...view.legs.map(({ call }) => call), ...view.waiting],
    })),
  ];
  for (const { who, calls } of seen) {
    for (const call of calls) {
      if (!call || stored.get(call.id) === call.requestedAt) continue;
      yield {
        promise,
        evidence: `${call.id} is of ${stored.get(call.id)}, and ${who} was shown ${call.requestedAt}`,
      };
    }
  }
}

function* queuesInOrder(facts: Facts): Iterable<Breach> {
  for (const { who, view, at } of facts.seenByAgents) {
    for (const [skill, queue] of groupBy(view.waiting, (call) => call.skill.id)) {
      const inOrder = queue.every(
        ({ position, requestedAt }, index) =>
          position === index + 1 && requestedAt >= (queue[index - 1]?.requestedAt ?? 0),
      );
      if (!inOrder) {
        yield { promise, evidence: `${who} saw the queue of ${skill} out of order at ${at}` };
      }
    }
  }
}

/** How long an older call must have waited before and after a younger one was offered; in ms. */
const WAITED_BEFORE_MS = 3_000;
const WAITED_AFTER_MS = 2_000;
/** For so long an agent who did not serve a call gets no second offer of it; in ms. */
const KEPT_OUT_MS: Readonly<Record<string, number>> = {
  declined: 60_000,
  missed: 10_000,
  withdrawn: 10_000,
};
const CLOCK_TOLERANCE_MS = 1_000;

/**
 * No call is offered while an older call of the same group waits. Two exceptions: the agent has just refused the older
 * call, or its visitor came or went at that moment.
 */
function* servedInOrder(facts: Facts): Iterable<Breach> {
  const calls = new Map(facts.record.calls.map((call) => [call.id, call]));
  const waits = [...facts.callEvents()].flatMap(([callId, events]) => waitsOf(callId, events));
  const visitors = new Map(
    facts.done('request-call').map(({ who, done }) => [done.value.callId, who]),
  );
  for (const { type, callId, agentId, at } of facts.record.callEvents) {
    const younger = calls.get(callId);
    if (type !== 'offered' || !younger) continue;
    for (const wait of waits) {
      const older = calls.get(wait.callId);
      const overtaken =
        older?.group === younger.group &&
        older.requestedAt < younger.requestedAt &&
        wait.from <= at - WAITED_BEFORE_MS &&
        wait.to >= at + WAITED_AFTER_MS;
      if (!overtaken || isKeptOut(facts, wait.callId, agentId, at)) continue;
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

function waitsOf(callId: string, events: readonly CallEvent[]): Wait[] {
  return events.flatMap(({ type, at }, index) =>
    type === 'queued' ? [{ callId, from: at, to: events[index + 1]?.at ?? Infinity }] : [],
  );
}

function isKeptOut(facts: Facts, callId: string, agentId: string | null, at: number): boolean {
  return facts.record.legs.some(
    (leg) =>
      leg.callId === callId &&
      leg.agentId === agentId &&
      leg.closedAt !== null &&
      leg.closedAt < at &&
      leg.closedAt > at - (KEPT_OUT_MS[leg.state] ?? 0) - CLOCK_TOLERANCE_MS,
  );
}

function wasDisturbed(facts: Facts, visitor: string | undefined, at: number): boolean {
  if (visitor === undefined) return true;
  return facts.events.some(
    (event) =>
      Math.abs(event.at - at) < WAITED_BEFORE_MS &&
      (event.kind === 'fault' ||
        ((event.kind === 'welcomed' ||
          event.kind === 'socket-closed' ||
          event.kind === 'command-sent') &&
          event.who === visitor)),
  );
}
