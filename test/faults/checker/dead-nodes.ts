import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'a dead node is declared dead';

/** A node that is silent for 10 s is dead. The sweep, a busy machine and the database need the rest; in ms. */
const DECLARED_WITHIN_MS = 30_000;
/** Nodes that died while the database was stopped are noticed within this time after the repair; in ms. */
const AFTER_REPAIR_MS = 5_000;

/** No socket counts as present on a dead node: the node's row is gone, and with it the rows of its sockets. */
export function* deadNodesDeclared(facts: Facts): Iterable<Breach> {
  const [repaired] = facts.of('repaired');
  const last = facts.events.at(-1)?.at ?? 0;
  if (!repaired || last - repaired.at < AFTER_REPAIR_MS) return;
  for (const { id, silentFor } of facts.record.nodes) {
    if (silentFor <= DECLARED_WITHIN_MS) continue;
    yield { promise, evidence: `node ${id} is silent for ${silentFor} ms, and counts as alive` };
  }
}
