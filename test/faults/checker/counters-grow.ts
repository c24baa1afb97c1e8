import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';

/** `rev` of what one person is shown, over sockets and nodes; `epoch` of one call, in the tables. */
export function* onlyGrow(facts: Facts): Iterable<Breach> {
  const promise = 'epoch and rev only grow';
  const revs = new Map<string, number>();
  for (const { who, rev } of facts.of('saw')) {
    const before = revs.get(who) ?? 0;
    if (rev <= before) yield { promise, evidence: `${who} was shown rev ${rev} after ${before}` };
    revs.set(who, rev);
  }

  const steps = facts.steps();
  const last = new Map<string, number>();
  for (const { calls, at } of facts.of('sampled')) {
    for (const { id, epoch, state } of calls) {
      const before = last.get(id) ?? 0;
      if (epoch < before) yield { promise, evidence: `${id} was at ${before}, then at ${epoch}` };
      last.set(id, epoch);
      const step = steps.get(id)?.[epoch];
      if (step?.to !== state) {
        yield { promise, evidence: `${id} was ${state} at ${at}, and ${step?.to} by its record` };
      }
    }
  }
  for (const { id, epoch } of facts.record.calls) {
    const own = steps.get(id) ?? [];
    const whole =
      own.length === epoch + 1 &&
      own.every(
        (step, index) => step.epoch === index && step.from === (own[index - 1]?.to ?? null),
      );
    if (!whole)
      yield { promise, evidence: `the record of ${id} has gaps: ${own.length} of ${epoch + 1}` };
  }
}
