import { Graph, layout } from '@dagrejs/dagre';
import type { Flow } from '../../protocol/flow.ts';
import { STEP_WIDTH, stepHeight, wiresOf } from './geometry.ts';

/** Places all steps from left to right, so that wires cross as little as possible. */
export function arrange(flow: Flow): Flow {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 96, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of Object.keys(flow.nodes)) {
    graph.setNode(id, { width: STEP_WIDTH, height: stepHeight(flow, id) });
  }
  for (const { from, to, exit } of wiresOf(flow)) graph.setEdge(from, to, {}, exit);
  layout(graph);
  const places = Object.keys(flow.nodes).map((id) => {
    const { x, y, width, height } = graph.node(id) as {
      x: number;
      y: number;
      width: number;
      height: number;
    };
    return [id, [Math.round(x - width / 2), Math.round(y - height / 2)]] as const;
  });
  return { ...flow, layout: Object.fromEntries(places) };
}

/** Whether every step has a place. */
export const isArranged = ({ nodes, layout: places }: Flow): boolean =>
  Object.keys(nodes).every((id) => places && Object.hasOwn(places, id));
