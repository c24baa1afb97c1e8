import { acknowledgedHolds } from './acknowledged-holds.ts';
import { agentFirst } from './agent-first.ts';
import { capacityKept } from './capacity.ts';
import { chatKept } from './chat-kept.ts';
import { deadNodesDeclared } from './dead-nodes.ts';
import { endsExplained } from './ends-explained.ts';
import { Facts } from './facts.ts';
import type { Breach, History } from './history.ts';
import { nothingHangs, nothingLost } from './nothing-lost.ts';
import { oneOwner } from './one-owner.ts';
import { onlyGrow } from './counters-grow.ts';
import { placesKept } from './places-kept.ts';
import { reallyThere } from './agents-present.ts';

const RULES = [
  nothingLost,
  nothingHangs,
  endsExplained,
  oneOwner,
  capacityKept,
  reallyThere,
  deadNodesDeclared,
  agentFirst,
  placesKept,
  chatKept,
  acknowledgedHolds,
  onlyGrow,
];

/**
 * Every promise of DESIGN 2 and 7 that a history breaks; none where all were kept. It knows nothing of the
 * server but what people saw of it, and its record.
 */
export function checkHistory(history: History): Breach[] {
  const facts = new Facts(history);
  return RULES.flatMap((rule) => [...rule(facts)]);
}
