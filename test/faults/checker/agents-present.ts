import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'no call is offered to an agent who is gone';

/**
 * For so long an agent who is gone may still count as present, in ms: a node that died with the socket is noticed after
 * 10 s. The sweep, a busy machine and the difference between the clocks need the rest.
 */
const NOTICED_AFTER_MS = 25_000;
const CLOCK_TOLERANCE_MS = 1_000;

/** Presence is a live socket. */
export function* agentsPresent(facts: Facts): Iterable<Breach> {
  for (const { type, callId, agentId, at } of facts.record.callEvents) {
    if (type !== 'offered') continue;
    const who = facts.agentName(agentId);
    const gone = facts
      .absences(who)
      .some(({ from, to }) => from <= at - NOTICED_AFTER_MS && to > at + CLOCK_TOLERANCE_MS);
    if (gone && !isDatabaseJustBack(facts, at)) {
      yield { promise, evidence: `${callId} was offered at ${at} to ${who}, who was gone` };
    }
  }
}

/** While the database is stopped nobody can be marked as gone. It is noticed when the database is back. */
function isDatabaseJustBack(facts: Facts, at: number): boolean {
  return facts.events.some(
    (event) =>
      (event.kind === 'repaired' ||
        (event.kind === 'fault' && event.what === 'database-returns')) &&
      event.at <= at &&
      event.at > at - NOTICED_AFTER_MS,
  );
}
