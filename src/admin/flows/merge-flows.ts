import type { Flow } from '../../protocol/flow.ts';

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * The other person's document, with the steps that this person added, changed or deleted since `base`. A wire to a step
 * that the other one deleted stays, and `Check` names it.
 */
export function mergeFlows(base: Flow, mine: Flow, theirs: Flow): Flow {
  return {
    ...theirs,
    start: mine.start === base.start ? theirs.start : mine.start,
    nodes: mergeRecords(base.nodes, mine.nodes, theirs.nodes),
    layout: mergeRecords(base.layout ?? {}, mine.layout ?? {}, theirs.layout ?? {}),
  };
}

function mergeRecords<T>(
  base: Readonly<Record<string, T>>,
  mine: Readonly<Record<string, T>>,
  theirs: Readonly<Record<string, T>>,
): Record<string, T> {
  const ids = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  const entries = ids.flatMap((id) => {
    const isMine = !isSame(base[id], mine[id]);
    const value = isMine ? mine[id] : theirs[id];
    return value === undefined ? [] : [[id, value] as const];
  });
  return Object.fromEntries(entries);
}
