import { exitsOf, stepOf } from '../../protocol/flow-graph.ts';
import type { Flow, FlowStep, StepType } from '../../protocol/flow.ts';

/** Changes of a flow's document. Each one leaves the old document as it is. */

/** A new step of a type, which the schema accepts as it is. `group`, `hours`: the first of the site. */
export function newStep(type: StepType, { group, hours }: StepDefaults): FlowStep {
  switch (type) {
    case 'start':
    case 'end':
    case 'callback':
    case 'leave-message':
      return { type };
    case 'menu':
      return {
        type,
        title: { en: 'How can we help?', 'zh-CN': '请选择问题类型' },
        options: [
          { id: 'first', label: { en: 'First option', 'zh-CN': '选项一' } },
          { id: 'second', label: { en: 'Second option', 'zh-CN': '选项二' } },
        ],
      };
    case 'hours':
      return { type, hours };
    case 'condition':
      return { type, cases: [{ id: 'verified', fact: 'verified' }] };
    case 'set':
      return { type, priority: 5 };
    case 'message':
      return { type, text: { en: 'Please note.', 'zh-CN': '请注意。' } };
    case 'form':
      return {
        type,
        title: { en: 'Tell us more', 'zh-CN': '请填写信息' },
        fields: [{ id: 'details', label: { en: 'Details', 'zh-CN': '详情' }, type: 'text' }],
      };
    case 'request':
      return { type, url: 'https://example.com/' };
    case 'queue':
      return { type, group };
  }
}

export interface StepDefaults {
  readonly group: string;
  readonly hours: string;
}

/** An id that no step has: the type with a number. */
export function freeStepId(flow: Flow, type: string): string {
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? type : `${type}-${number}`;
    if (!Object.hasOwn(flow.nodes, id)) return id;
  }
}

/** An id that none of these is. */
export function freeId(ids: readonly string[], base: string): string {
  for (let number = 1; ; number += 1) {
    const id = `${base}-${number}`;
    if (!ids.includes(id)) return id;
  }
}

type Position = readonly number[];

export function addStep(flow: Flow, id: string, step: FlowStep, at: Position): Flow {
  return {
    ...flow,
    nodes: { ...flow.nodes, [id]: step },
    layout: { ...flow.layout, [id]: [...at] },
  };
}

/** Replaces a step. Wires of exits that it no longer has are taken off. */
export function changeStep(flow: Flow, id: string, step: FlowStep): Flow {
  const exits = exitsOf(step);
  const wired = Object.entries(step.next ?? {}).filter(([exit]) => exits.includes(exit));
  return { ...flow, nodes: { ...flow.nodes, [id]: withNext(step, wired) } };
}

/** Gives an exit another name: the wire stays. */
export function renameExit(step: FlowStep, from: string, to: string): FlowStep {
  const wired = Object.entries(step.next ?? {}).map(
    ([exit, target]) => [exit === from ? to : exit, target] as const,
  );
  return withNext(step, wired);
}

/** Deletes steps, and all wires that lead to them. The start cannot be deleted. */
export function deleteSteps(flow: Flow, ids: readonly string[]): Flow {
  const gone = new Set(ids.filter((id) => id !== flow.start));
  const kept = Object.entries(flow.nodes).filter(([id]) => !gone.has(id));
  const nodes = kept.map(([id, step]) => {
    const wired = Object.entries(step.next ?? {}).filter(([, to]) => !gone.has(to));
    return [id, withNext(step, wired)] as const;
  });
  const layout = Object.entries(flow.layout ?? {}).filter(([id]) => !gone.has(id));
  return { ...flow, nodes: Object.fromEntries(nodes), layout: Object.fromEntries(layout) };
}

/** Lets an exit lead to a step; null: nowhere. */
export function connect(flow: Flow, id: string, exit: string, to: string | null): Flow {
  const step = stepOf(flow, id);
  if (!step || !exitsOf(step).includes(exit)) return flow;
  const others = Object.entries(step.next ?? {}).filter(([name]) => name !== exit);
  const wired = to === null ? others : [...others, [exit, to] as const];
  return { ...flow, nodes: { ...flow.nodes, [id]: withNext(step, wired) } };
}

export function moveSteps(flow: Flow, ids: readonly string[], [dx, dy]: [number, number]): Flow {
  const moved = ids.flatMap((id) => {
    const [x = 0, y = 0] = flow.layout?.[id] ?? [];
    return Object.hasOwn(flow.nodes, id) ? [[id, [x + dx, y + dy]] as const] : [];
  });
  return { ...flow, layout: { ...flow.layout, ...Object.fromEntries(moved) } };
}

/** Without `next` if no exit is wired, so that undoing a wire gives back the same document. */
function withNext(step: FlowStep, wired: readonly (readonly [string, string])[]): FlowStep {
  const { next: _before, ...rest } = step;
  if (wired.length === 0) return rest as FlowStep;
  return { ...rest, next: Object.fromEntries(wired) } as FlowStep;
}

/** Steps that were copied, with their places. It is also what the clipboard holds. */
export interface CopiedSteps {
  readonly rtcDeskFlowSteps: 1;
  readonly nodes: Flow['nodes'];
  readonly layout: NonNullable<Flow['layout']>;
}

/** The steps for another place or another flow. The start is not copied: a flow has one. */
export function copySteps(flow: Flow, ids: readonly string[]): CopiedSteps {
  const wanted = (id: string): boolean => ids.includes(id) && id !== flow.start;
  const pick = <T>(from: Readonly<Record<string, T>> | undefined): Record<string, T> =>
    Object.fromEntries(Object.entries(from ?? {}).filter(([id]) => wanted(id)));
  return { rtcDeskFlowSteps: 1, nodes: pick(flow.nodes), layout: pick(flow.layout) };
}

/** Shift of what is pasted, so that it does not cover what was copied. */
const PASTE_SHIFT = 40;

/** Adds copied steps under free ids. Keeps the connections between them, and drops those to other steps. */
export function pasteSteps(
  flow: Flow,
  { nodes, layout }: CopiedSteps,
): { readonly flow: Flow; readonly ids: readonly string[] } {
  const names = new Map<string, string>();
  let pasted = flow;
  for (const [id, step] of Object.entries(nodes)) {
    if (step.type === 'start') continue;
    const name = freeStepId(pasted, step.type);
    names.set(id, name);
    const [x = 0, y = 0] = layout[id] ?? [];
    pasted = addStep(pasted, name, step, [x + PASTE_SHIFT, y + PASTE_SHIFT]);
  }
  for (const [id, name] of names) {
    const wired = Object.entries(nodes[id]?.next ?? {}).flatMap(([exit, to]) => {
      const target = names.get(to);
      return target === undefined ? [] : [[exit, target] as const];
    });
    const step = withNext(pasted.nodes[name]!, wired);
    pasted = { ...pasted, nodes: { ...pasted.nodes, [name]: step } };
  }
  return { flow: pasted, ids: [...names.values()] };
}

/** Copied steps out of the clipboard's text; null if it holds something else. */
export function readCopied(text: string): CopiedSteps | null {
  try {
    const found = JSON.parse(text) as Partial<CopiedSteps> | null;
    if (found?.rtcDeskFlowSteps !== 1 || typeof found.nodes !== 'object') return null;
    return { rtcDeskFlowSteps: 1, nodes: found.nodes, layout: found.layout ?? {} };
  } catch {
    return null; // another text was copied
  }
}
