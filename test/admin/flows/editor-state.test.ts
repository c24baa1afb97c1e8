import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { exitsOf, stepOf } from '../../../src/protocol/flow-graph.ts';
import type { Flow, StepType } from '../../../src/protocol/flow.ts';
import {
  addStep,
  changeStep,
  connect,
  copySteps,
  deleteSteps,
  freeStepId,
  moveSteps,
  newStep,
  pasteSteps,
  readCopied,
} from '../../../src/admin/flows/edit-flow.ts';
import {
  edit,
  openEditor,
  openStep,
  redo,
  select,
  toggle,
  undo,
  type EditorState,
} from '../../../src/admin/flows/editor-state.ts';
import { contractFlow } from '../../server/flows/flow-fixture.ts';

const defaults = { group: 'sales', hours: 'office' };
const types: readonly StepType[] = ['menu', 'form', 'condition', 'queue', 'set', 'message', 'end'];

/** A change of the document, as the numbers say. */
const change = (flow: Flow, [kind, one, other]: readonly [number, number, number]): Flow => {
  const ids = Object.keys(flow.nodes);
  const [id = '', to = ''] = [ids[one % ids.length], ids[other % ids.length]];
  const step = stepOf(flow, id)!;
  switch (kind % 6) {
    case 0: {
      const type = types[one % types.length]!;
      return addStep(flow, freeStepId(flow, type), newStep(type, defaults), [one, other]);
    }
    case 1:
      return deleteSteps(flow, [id, to]);
    case 2:
      return connect(flow, id, exitsOf(step)[other % 3] ?? 'next', to);
    case 3:
      return moveSteps(flow, [id, to], [one, other]);
    case 4:
      return pasteSteps(flow, copySteps(flow, [id, to])).flow;
    default:
      return step.type === 'set'
        ? changeStep(flow, id, { ...step, priority: 1 + (other % 9) })
        : flow;
  }
};
const changes = fc.array(fc.tuple(fc.nat(5), fc.nat(30), fc.nat(30)), { maxLength: 40 });

describe('the state of the flow editor', () => {
  it('gives back the document by undo after any changes, and the last one by redo', () => {
    fc.assert(
      fc.property(changes, (drawn) => {
        let state: EditorState = openEditor(contractFlow);
        for (const one of drawn) state = edit(state, change(state.flow, one));
        const last = state.flow;
        const steps = state.past.length;
        for (let turn = 0; turn < steps; turn += 1) state = undo(state);
        assert.deepEqual(state.flow, contractFlow);
        assert.equal(undo(state), state);
        for (let turn = 0; turn < steps; turn += 1) state = redo(state);
        assert.deepEqual(state.flow, last);
        assert.equal(redo(state), state);
      }),
    );
  });

  it('never leads a wire to a step that is gone, nor selects one', () => {
    fc.assert(
      fc.property(changes, (drawn) => {
        let state: EditorState = openEditor(contractFlow);
        for (const one of drawn) {
          state = select(state, Object.keys(state.flow.nodes));
          state = edit(state, change(state.flow, one));
          const { nodes, start } = state.flow;
          assert.ok(nodes[start], 'the start stays');
          for (const step of Object.values(nodes)) {
            for (const to of Object.values(step.next ?? {})) assert.ok(nodes[to], to);
          }
          assert.ok(state.selection.every((id) => nodes[id]));
        }
      }),
    );
  });

  it('undoes the typing in one field at once, and another field apart', () => {
    const typed = (state: EditorState, priority: number, group: string) =>
      edit(
        state,
        changeStep(state.flow, 'q2', { ...stepOf(state.flow, 'q2')!, priority } as never),
        group,
      );
    let state = typed(openEditor(contractFlow), 3, 'a');
    state = typed(state, 4, 'a');
    state = typed(state, 5, 'b');
    assert.equal(state.past.length, 2);
    assert.deepEqual(stepOf(undo(state).flow, 'q2'), { ...stepOf(state.flow, 'q2'), priority: 4 });
    assert.deepEqual(undo(undo(state)).flow, contractFlow);
  });

  it('forgets what was undone after another change', () => {
    const moved = edit(openEditor(contractFlow), moveSteps(contractFlow, ['m'], [8, 8]));
    const back = undo(moved);
    assert.equal(back.future.length, 1);
    assert.equal(edit(back, moveSteps(back.flow, ['h'], [8, 8])).future.length, 0);
    assert.equal(edit(back, contractFlow), back, 'the same document is no change');
  });

  it('selects several steps, and opens the settings of one alone', () => {
    let state = select(openEditor(contractFlow), ['m', 'nothing']);
    assert.equal(openStep(state), 'm');
    state = toggle(state, 'h');
    assert.deepEqual([state.selection, openStep(state)], [['m', 'h'], null]);
    assert.equal(openStep(toggle(state, 'm')), 'h');
  });
});

describe('changes of a flow', () => {
  it('take off the wire of an exit that the step no longer has', () => {
    const menu = stepOf(contractFlow, 'm')!;
    assert.ok(menu.type === 'menu');
    const changed = changeStep(contractFlow, 'm', { ...menu, options: menu.options.slice(1) });
    assert.deepEqual(stepOf(changed, 'm')?.next, { fault: 'q2' });
  });

  it('copy steps into another flow, with the wires between them and new ids', () => {
    const other: Flow = {
      schema: 1,
      start: 's',
      nodes: { s: { type: 'start' }, menu: { type: 'end' } },
    };
    const text = JSON.stringify(copySteps(contractFlow, ['s', 'm', 'q1']));
    const { flow, ids } = pasteSteps(other, readCopied(text)!);
    assert.deepEqual(ids, ['menu-2', 'queue']);
    assert.deepEqual(stepOf(flow, 'menu-2')?.next, { product: 'queue' });
    assert.equal(stepOf(flow, 'queue')?.next, undefined);
    assert.deepEqual(Object.keys(other.nodes), ['s', 'menu'], 'the old document stays');
    for (const foreign of ['', 'hello', '{}', 'null']) assert.equal(readCopied(foreign), null);
  });
});
