import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';
import { statesOfCall } from './states-of-call.ts';

const promise = 'rev, epoch and event sequence only grow';

/** `rev` of one person, over sockets and nodes; `epoch` and events of one call, in the tables. */
export function* countersGrow(facts: Facts): Iterable<Breach> {
  const revs = new Map<string, number>();
  for (const { who, rev } of facts.of('snapshot-received')) {
    const before = revs.get(who) ?? 0;
    if (rev <= before) yield { promise, evidence: `${who} was shown rev ${rev} after ${before}` };
    revs.set(who, rev);
  }

  const byCall = facts.callEvents();
  const states = new Map([...byCall].map(([id, events]) => [id, statesOfCall(events)]));
  const epochs = new Map<string, number>();
  for (const { calls, at } of facts.of('sampled')) {
    for (const { id, epoch, state } of calls) {
      const before = epochs.get(id) ?? 0;
      if (epoch < before) yield { promise, evidence: `${id} was at ${before}, then at ${epoch}` };
      epochs.set(id, epoch);
      const logged = states.get(id)?.[epoch];
      if (logged !== state) {
        yield { promise, evidence: `${id} was ${state} at ${at}, and ${logged} by its events` };
      }
    }
  }
  for (const { id, epoch, eventCount } of facts.record.calls) {
    const events = byCall.get(id) ?? [];
    const contiguous = events.every(({ sequence }, index) => sequence === index + 1);
    if (!contiguous || events.length !== eventCount) {
      yield {
        promise,
        evidence: `the events of ${id} have gaps: ${events.length} of ${eventCount}`,
      };
    }
    const changes = states.get(id)?.length ?? 0;
    if (changes !== epoch + 1) {
      yield { promise, evidence: `${id} is at epoch ${epoch}, and has ${changes} changes logged` };
    }
  }
}
