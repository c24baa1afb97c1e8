import { isDeepStrictEqual } from 'node:util';
import type { Flow } from '../../protocol/flow.ts';

export interface FlowDifference {
  /** The ids of steps. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** What differs between two versions. Where the steps are drawn does not count. */
export function compareFlows(before: Flow, after: Flow): FlowDifference {
  const [old, now] = [Object.keys(before.nodes), Object.keys(after.nodes)];
  return {
    added: now.filter((id) => !Object.hasOwn(before.nodes, id)),
    removed: old.filter((id) => !Object.hasOwn(after.nodes, id)),
    changed: now.filter(
      (id) =>
        Object.hasOwn(before.nodes, id) && !isDeepStrictEqual(before.nodes[id], after.nodes[id]),
    ),
  };
}
