import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';

/** A node that is silent for 10 s is dead, and the sweep, a busy machine and its database take their time. In ms. */
const DECLARED_WITHIN = 30_000;
/** What was not counted while there was no database has to be noticed first; in ms. */
const CALM_FOR = 5_000;

/** Nobody is counted as present on a node that is dead: its row is gone, and with it those of its sockets. */
export function* deadNodesDeclared(facts: Facts): Iterable<Breach> {
  const [calm] = facts.of('calmed');
  const last = facts.events.at(-1)?.at ?? 0;
  if (!calm || last - calm.at < CALM_FOR) return;
  for (const { id, silentFor } of facts.record.nodes) {
    if (silentFor <= DECLARED_WITHIN) continue;
    yield {
      promise: 'a dead node is declared dead',
      evidence: `node ${id} has said nothing for ${silentFor} ms, and counts as alive`,
    };
  }
}
