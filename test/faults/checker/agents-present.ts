import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';

/**
 * For so long a desk may still seem to be there after it was left: a node that died with it is noticed after
 * 10 s, and the sweep, a busy machine and the recorder's clock take their time. In ms.
 */
const NOTICED_AFTER = 25_000;

/** Presence is a live socket: nobody rings at a desk that was left. */
export function* reallyThere(facts: Facts): Iterable<Breach> {
  const promise = 'nobody waits for an agent who is gone';
  for (const { to, callId, agentId, at } of facts.record.transitions) {
    if (to !== 'offered') continue;
    const who = facts.agentName(agentId);
    const gone = facts
      .absences(who)
      .some(({ from, to: back }) => from <= at - NOTICED_AFTER && back > at + 1_000);
    if (gone && !isDatabaseJustBack(facts, at))
      yield { promise, evidence: `${callId} was offered at ${at} to ${who}, long gone` };
  }
}

/** Nobody’s going can be written down while the database is away: it is noticed when that is back. */
function isDatabaseJustBack(facts: Facts, at: number): boolean {
  return facts.events.some(
    (event) =>
      (event.kind === 'calmed' ||
        (event.kind === 'troubled' && event.what === 'database-returns')) &&
      event.at <= at &&
      event.at > at - NOTICED_AFTER,
  );
}
