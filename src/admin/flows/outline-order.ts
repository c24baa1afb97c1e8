import { exitsOf, nextOf, stepOf } from '../../protocol/flow-graph.ts';
import type { Flow } from '../../protocol/flow.ts';

/** All steps: first those that the start leads to, level by level, then the others. */
export function outlineOrder(flow: Flow): readonly string[] {
  const order = new Set(stepOf(flow, flow.start) ? [flow.start] : []);
  for (const id of order) {
    const step = stepOf(flow, id);
    if (!step) continue;
    for (const exit of exitsOf(step)) {
      const to = nextOf(step, exit);
      if (to !== undefined && stepOf(flow, to)) order.add(to);
    }
  }
  return [...order, ...Object.keys(flow.nodes).filter((id) => !order.has(id))];
}
