import { acknowledgedHolds } from './acknowledged-holds.ts';
import { agentFirst } from './agent-first.ts';
import { agentsPresent } from './agents-present.ts';
import { capacityKept } from './capacity.ts';
import { chatKept } from './chat-kept.ts';
import { countersGrow } from './counters-grow.ts';
import { deadNodesDeclared } from './dead-nodes.ts';
import { endsExplained } from './ends-explained.ts';
import { Facts } from './facts.ts';
import type { Breach, History } from './history.ts';
import { nothingHangs, nothingLost } from './nothing-lost.ts';
import { oneOwner } from './one-owner.ts';
import { placesKept } from './places-kept.ts';

const RULES = [
  nothingLost,
  nothingHangs,
  endsExplained,
  oneOwner,
  capacityKept,
  agentsPresent,
  deadNodesDeclared,
  agentFirst,
  placesKept,
  chatKept,
  acknowledgedHolds,
  countersGrow,
];

/**
 * Every promise that a history breaks; none if all were kept. The checker knows nothing of the
 * server except what the clients saw, and the tables.
 */
export function checkHistory(history: History): Breach[] {
  const facts = new Facts(history);
  return RULES.flatMap((rule) => [...rule(facts)]);
}
