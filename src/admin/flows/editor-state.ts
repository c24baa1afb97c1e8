import { stepOf } from '../../protocol/flow-graph.ts';
import type { Flow } from '../../protocol/flow.ts';

/** Changes that can be undone. */
const MAX_HISTORY = 200;

/** Everything that the editor knows about the flow on the screen. It is never changed: each action makes a new one. */
export interface EditorState {
  readonly flow: Flow;
  /** The selected steps. The last one is in the side panel. */
  readonly selection: readonly string[];
  readonly past: readonly Flow[];
  readonly future: readonly Flow[];
  /** What the last change was part of, such as the typing in one field. Changes of one kind are undone together. */
  readonly group: string | null;
}

export function openEditor(flow: Flow): EditorState {
  return { flow, selection: [], past: [], future: [], group: null };
}

/** Makes a change that can be undone. With the same `group` as the change before, both are undone together. */
export function edit(state: EditorState, flow: Flow, group: string | null = null): EditorState {
  if (isSame(flow, state.flow)) return state;
  const joins = group !== null && group === state.group;
  const past = joins ? state.past : [...state.past, state.flow].slice(-MAX_HISTORY);
  return { ...withFlow(state, flow), past, future: [], group };
}

export function undo(state: EditorState): EditorState {
  const before = state.past.at(-1);
  if (!before) return state;
  const past = state.past.slice(0, -1);
  return { ...withFlow(state, before), past, future: [state.flow, ...state.future], group: null };
}

export function redo(state: EditorState): EditorState {
  const [after, ...future] = state.future;
  if (!after) return state;
  return { ...withFlow(state, after), past: [...state.past, state.flow], future, group: null };
}

export function select(state: EditorState, ids: readonly string[]): EditorState {
  const selection = ids.filter((id) => stepOf(state.flow, id));
  return { ...state, selection, group: null };
}

/** Adds a step to the selection, or takes it out. */
export function toggle(state: EditorState, id: string): EditorState {
  const { selection } = state;
  const others = selection.filter((one) => one !== id);
  return select(state, others.length === selection.length ? [...selection, id] : others);
}

/** The step in the side panel; null if none or several are selected. */
export function openStep({ selection }: EditorState): string | null {
  return selection.length === 1 ? (selection[0] ?? null) : null;
}

function withFlow(state: EditorState, flow: Flow): EditorState {
  return { ...state, flow, selection: state.selection.filter((id) => stepOf(flow, id)) };
}

/** Whether two documents are the same for who saves them. */
export const isSame = (a: Flow, b: Flow): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);
