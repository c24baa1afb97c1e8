import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { Flow } from '../../../src/protocol/flow.ts';
import { arrange, isArranged } from '../../../src/admin/flows/arrange.ts';
import { compareInWords } from '../../../src/admin/flows/compare-texts.ts';
import { connect, deleteSteps, newStep } from '../../../src/admin/flows/edit-flow.ts';
import { faultText } from '../../../src/admin/flows/fault-texts.ts';
import {
  templateFlow,
  templateOptions,
  type TemplateName,
} from '../../../src/admin/flows/flow-templates.ts';
import { boxOf, stepAt, stepTowards } from '../../../src/admin/flows/geometry.ts';
import { findIncomplete } from '../../../src/admin/flows/incomplete.ts';
import { mergeFlows } from '../../../src/admin/flows/merge-flows.ts';
import { outlineOrder } from '../../../src/admin/flows/outline-order.ts';
import { STEP_TYPES, stepName } from '../../../src/admin/flows/step-texts.ts';
import { fit, toDrawing, zoom } from '../../../src/admin/flows/viewport.ts';
import { checkFlow } from '../../../src/server/flows/check-flow.ts';
import { contractFlow, flow, references } from '../../server/flows/flow-fixture.ts';

const isFlow = new Ajv({ strict: false }).compile(Flow);
const names = {
  groups: new Map([
    ['sales', 'Sales'],
    ['service', 'Service'],
  ]),
  hours: new Map([['office', 'Office hours']]),
};

describe('the texts of the flow editor', () => {
  it('name a step by its type, its title and where its exits lead', () => {
    assert.equal(
      stepName(contractFlow, 'm', names),
      'Menu: What is it about?; Product question leads to Queue: Sales; Report a fault leads to Queue: Service',
    );
    assert.equal(stepName(contractFlow, 'e', names), 'End');
  });

  it('have words for every fault that the server can find', () => {
    const broken = flow({
      s: { type: 'start', next: { next: 'gone' } },
      h: { type: 'hours', hours: 'night' },
      r: { type: 'request', url: 'https://other.test/', next: { ok: 'r', wrong: 'h' } },
      x: { type: 'set' },
      f: {
        type: 'form',
        title: { en: 'F' },
        fields: [{ id: 'a', label: { en: 'A' }, type: 'choice' }],
      },
      q: { type: 'queue', group: 'nobody' },
      s2: { type: 'start' },
    });
    const faults = checkFlow(broken, references);
    assert.ok(faults.length > 10);
    for (const fault of faults) {
      const text = faultText(broken, fault, names);
      assert.match(text, /^[A-Z“].*\.$/, fault.code);
      assert.doesNotMatch(text, /undefined|“”/, fault.code);
    }
  });

  it('tell in words what differs between two versions', () => {
    const after = connect(deleteSteps(contractFlow, ['c']), 'q1', 'timeout', 'e');
    const told = compareInWords(contractFlow, after, names);
    assert.deepEqual(
      told.map(({ kind, step, details }) => [kind, step, ...details]),
      [
        ['changed', 'Queue: Sales', '“Waited too long” leads to: Callback → End'],
        ['changed', 'Queue: Service', '“Waited too long” leads to: Callback → nowhere'],
        ['removed', 'Callback'],
      ],
    );
    const moved = { ...contractFlow, layout: { m: [1, 2] } };
    assert.deepEqual(compareInWords(contractFlow, moved, names), []);
  });

  it('say what is missing before the server refuses it', () => {
    const { nodes } = contractFlow;
    const bad = flow({
      ...nodes,
      m: { ...nodes['m'], title: {} } as never,
      q1: { ...nodes['q1'], group: '', timeoutSeconds: 3 } as never,
      r: { type: 'request', url: 'http://crm.test', send: ['a b'] },
    });
    assert.deepEqual(
      findIncomplete(bad).map(({ node, text }) => `${node} ${text}`),
      [
        'm Title: enter a text.',
        'q1 Choose a skill group.',
        'q1 Longest wait in seconds: enter a whole number from 10 to 86400.',
        'r Enter an address that begins with https://.',
        'r “a b” is no name of a value. Use Latin letters, digits, dots, hyphens.',
      ],
    );
    assert.deepEqual(findIncomplete(contractFlow), []);
  });
});

describe('the parts of the flow editor', () => {
  it('make steps and templates that the schema takes, and templates that can be published', () => {
    for (const type of ['start', ...STEP_TYPES] as const) {
      const made = flow({ s: newStep(type, { group: 'sales', hours: 'office' }) });
      assert.ok(isFlow(made), type);
    }
    for (const { value } of templateOptions(true)) {
      const ids = { group: 'sales', second: 'service', hours: 'office' };
      const made = templateFlow(value as TemplateName, ids);
      assert.ok(isFlow(made), value);
      assert.deepEqual(checkFlow(made, references), [], value);
      assert.ok(isArranged(made), value);
    }
  });

  it('arrange all steps so that none covers another', () => {
    const arranged = arrange(contractFlow);
    const boxes = Object.keys(arranged.nodes).map((id) => boxOf(arranged, id));
    boxes.forEach((a, index) => {
      for (const b of boxes.slice(index + 1)) {
        const apart =
          a.x + a.width <= b.x ||
          b.x + b.width <= a.x ||
          a.y + a.height <= b.y ||
          b.y + b.height <= a.y;
        assert.ok(apart, JSON.stringify([a, b]));
      }
    });
    const { x, y } = boxOf(arranged, 'm');
    assert.equal(stepAt(arranged, { x: x + 5, y: y + 5 }), 'm');
    assert.equal(stepTowards(arranged, 's', 'ArrowRight'), 'h');
    assert.equal(stepTowards(arranged, 's', 'ArrowLeft'), null);
  });

  it('keep the point under the pointer while they zoom, and show everything', () => {
    const view = { x: 30, y: -20, scale: 0.8 };
    const at = { x: 200, y: 150 };
    assert.deepEqual(
      toDrawing(zoom(view, 1.5, at), at).x.toFixed(6),
      toDrawing(view, at).x.toFixed(6),
    );
    const shown = fit({ x: -100, y: 0, width: 2_000, height: 300 }, { width: 1_000, height: 600 });
    const left = toDrawing(shown, { x: 0, y: 0 });
    const right = toDrawing(shown, { x: 1_000, y: 600 });
    assert.ok(left.x <= -100 && right.x >= 1_900);
  });

  it('list the steps in the order in which a visitor meets them', () => {
    const order = outlineOrder(flow({ ...contractFlow.nodes, lost: { type: 'end' } }));
    assert.deepEqual(order.slice(0, 4), ['s', 'h', 'm', 'l']);
    assert.equal(order.at(-1), 'lost');
  });

  it('merge the changes of two people step by step', () => {
    const mine = connect(contractFlow, 's', 'next', 'm');
    const theirs = deleteSteps(contractFlow, ['c']);
    const merged = mergeFlows(contractFlow, mine, theirs);
    assert.deepEqual(merged.nodes['s']?.next, { next: 'm' });
    assert.equal(merged.nodes['c'], undefined);
    const deleted = mergeFlows(contractFlow, deleteSteps(contractFlow, ['l']), mine);
    assert.equal(deleted.nodes['l'], undefined);
    assert.deepEqual(deleted.nodes['s']?.next, { next: 'm' });
  });
});
