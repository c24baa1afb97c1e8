import type { Texts } from '../languages.ts';

/** An outcome, and those below it. */
export interface DispositionNode {
  readonly code: string;
  readonly label: Texts;
  readonly children?: readonly DispositionNode[];
}

/** The indexes from the root to a node. */
export type Path = readonly number[];

export const MAX_LEVELS = 3;

/** With a change of the list of siblings at the end of a path. */
function changeSiblings(
  nodes: readonly DispositionNode[],
  [first, ...rest]: Path,
  change: (siblings: readonly DispositionNode[], index: number) => readonly DispositionNode[],
): readonly DispositionNode[] {
  if (first === undefined) return nodes;
  if (rest.length === 0) return change(nodes, first);
  return nodes.map((node, index) =>
    index === first ? withChildren(node, changeSiblings(node.children ?? [], rest, change)) : node,
  );
}

/** A node without children has no list of them. */
function withChildren(
  node: DispositionNode,
  children: readonly DispositionNode[],
): DispositionNode {
  const { children: _old, ...alone } = node;
  return children.length > 0 ? { ...alone, children } : alone;
}

export const changeNode = (
  nodes: readonly DispositionNode[],
  path: Path,
  part: Partial<DispositionNode>,
): readonly DispositionNode[] =>
  changeSiblings(nodes, path, (siblings, index) =>
    siblings.map((node, at) => (at === index ? { ...node, ...part } : node)),
  );

export const removeNode = (
  nodes: readonly DispositionNode[],
  path: Path,
): readonly DispositionNode[] =>
  changeSiblings(nodes, path, (siblings, index) => siblings.filter((_, at) => at !== index));

/** With a new node below the one at the path; at the root for an empty path. */
export function addNode(
  nodes: readonly DispositionNode[],
  parent: Path,
  node: DispositionNode,
): readonly DispositionNode[] {
  if (parent.length === 0) return [...nodes, node];
  return changeSiblings(nodes, parent, (siblings, index) =>
    siblings.map((one, at) =>
      at === index ? { ...one, children: [...(one.children ?? []), node] } : one,
    ),
  );
}

/** With a node one place earlier (-1) or later (1) among its siblings. */
export const moveNode = (
  nodes: readonly DispositionNode[],
  path: Path,
  by: -1 | 1,
): readonly DispositionNode[] =>
  changeSiblings(nodes, path, (siblings, index) => {
    const moved = [...siblings];
    const [node] = moved.splice(index, 1);
    if (node) moved.splice(index + by, 0, node);
    return moved;
  });

/** All nodes with their paths, in the order in which they are shown. */
export function listNodes(
  nodes: readonly DispositionNode[],
  parent: Path = [],
): { readonly node: DispositionNode; readonly path: Path; readonly siblings: number }[] {
  return nodes.flatMap((node, index) => {
    const path = [...parent, index];
    return [{ node, path, siblings: nodes.length }, ...listNodes(node.children ?? [], path)];
  });
}
