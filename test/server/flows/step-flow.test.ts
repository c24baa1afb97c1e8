import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Flow, FlowStep } from '../../../src/protocol/flow.ts';
import type { FlowFacts, FlowInput, FlowOutcome } from '../../../src/server/flows/flow-state.ts';
import { beforeFlow, stepFlow } from '../../../src/server/flows/step-flow.ts';
import { contractFlow, facts, flow } from './flow-fixture.ts';

/** One call in one flow. */
class Walk {
  last: FlowOutcome;

  constructor(
    private readonly of: Flow,
    private readonly known: Partial<FlowFacts> = {},
    params: Record<string, string> = {},
  ) {
    this.last = stepFlow(of, beforeFlow(params), { kind: 'begin' }, facts(known));
  }

  go(input: FlowInput): this {
    this.last = stepFlow(this.of, this.last.state, input, facts(this.known));
    return this;
  }

  answer(value: string | Record<string, string>): this {
    return this.go({ kind: 'answer', value });
  }

  get node(): string | null {
    return this.last.state.node;
  }
}

describe('a step of a flow', () => {
  it('waits at the menu, and goes where the option leads', () => {
    const walk = new Walk(contractFlow);
    assert.deepEqual([walk.node, walk.last.at.kind], ['m', 'visitor']);
    walk.answer('fault');
    assert.deepEqual(walk.last.at, {
      kind: 'queue',
      group: 'service',
      priority: 2,
      timeoutSeconds: 3_600,
      waitForAgents: false,
      recording: null,
    });
  });

  it('goes another way while the hours are closed', () => {
    assert.equal(new Walk(contractFlow, { openHours: new Set() }).node, 'l');
  });

  it('refuses an option that the menu does not have, also one that every object has', () => {
    for (const value of ['other', 'constructor', '__proto__', '', { product: 'x' }]) {
      assert.throws(() => new Walk(contractFlow).answer(value as string), {
        code: 'invalid-params',
      });
    }
  });

  it('leaves the queue by its exits, and ends with what the visitor left', () => {
    const walk = new Walk(contractFlow).answer('product').go({ kind: 'exit', exit: 'timeout' });
    assert.equal(walk.node, 'c');
    walk.answer({ contact: ' +49 30 1234 ' });
    assert.deepEqual(walk.last.effects, [
      { kind: 'callback', group: 'sales', contact: '+49 30 1234', text: '' },
    ]);
    assert.deepEqual(walk.last.at, { kind: 'end', reason: 'callback-requested' });
  });

  it('ends without anything if the visitor skips', () => {
    const walk = new Walk(contractFlow).answer('product').go({ kind: 'exit', exit: 'nobody' });
    assert.deepEqual(walk.answer('skipped').last.at, { kind: 'end', reason: 'flow-ended' });
  });

  it('needs a contact and a text for a message', () => {
    const closed = () => new Walk(contractFlow, { openHours: new Set() });
    for (const value of [{}, { contact: 'mei@shop.test' }, { text: 'Help' }, 'done']) {
      assert.throws(() => closed().answer(value as Record<string, string>), {
        code: 'invalid-params',
      });
    }
    const { effects } = closed().answer({ contact: 'mei@shop.test', text: 'No power' }).last;
    assert.deepEqual(effects, [
      { kind: 'leave-message', group: null, contact: 'mei@shop.test', text: 'No power' },
    ]);
  });

  const form = flow({
    s: { type: 'start', next: { next: 'm' } },
    m: {
      type: 'menu',
      title: { en: 'Which?' },
      options: [{ id: 'one', label: { en: 'One' } }],
      next: { one: 'f' },
    },
    f: {
      type: 'form',
      title: { en: 'About you' },
      fields: [
        { id: 'email', label: { en: 'E-mail' }, type: 'email', required: true },
        { id: 'day', label: { en: 'Day' }, type: 'date' },
        {
          id: 'size',
          label: { en: 'Size' },
          type: 'choice',
          options: [{ id: 'l', label: { en: 'Large' } }],
        },
      ],
      next: { done: 'w', skipped: 'w' },
    },
    w: { type: 'message', text: { en: 'Thank you' }, next: { next: 'e' } },
    e: { type: 'end' },
  });

  it('checks each field of a form, and makes params of them', () => {
    const at = () => new Walk(form, {}, { device: '42' }).answer('one');
    for (const value of [
      {},
      { email: 'nobody' },
      { email: 'a@b', day: 'soon' },
      { email: 'a@b', size: 'toString' },
      { email: 'a@b', other: '1' },
      'skipped',
    ]) {
      assert.throws(() => at().answer(value as Record<string, string>), { code: 'invalid-params' });
    }
    const walk = at().answer({ email: 'a@b', day: '', size: 'l' });
    assert.deepEqual(walk.last.state.params, { device: '42', email: 'a@b', size: 'l' });
  });

  it('goes back to the step before, and forgets what was answered since', () => {
    const walk = new Walk(form, {}, { device: '42' }).answer('one').answer({ email: 'a@b' });
    assert.equal(walk.node, 'w');
    walk.go({ kind: 'back' });
    assert.deepEqual([walk.node, walk.last.state.params], ['f', { device: '42' }]);
    walk.go({ kind: 'back' }).go({ kind: 'back' });
    assert.deepEqual([walk.node, walk.last.state.history], ['m', []]);
  });

  it('decides by params, language, page, identity, last agent and wait', () => {
    const to = (one: object): Flow =>
      flow({
        s: { type: 'start', next: { next: 'c' } },
        c: {
          type: 'condition',
          cases: [{ id: 'yes', ...one }],
          next: { yes: 'y', else: 'n' },
        } as unknown as FlowStep,
        y: { type: 'message', text: { en: 'Yes' }, next: { next: 'e' } },
        n: { type: 'message', text: { en: 'No' }, next: { next: 'e' } },
        e: { type: 'end' },
      });
    const holds = (one: object, known: Partial<FlowFacts> = {}): boolean =>
      new Walk(to(one), known, { plan: 'Gold' }).node === 'y';
    assert.ok(holds({ fact: 'param', name: 'plan', test: 'equals', value: 'gold' }));
    assert.ok(holds({ fact: 'param', name: 'plan', test: 'present' }));
    assert.ok(!holds({ fact: 'param', name: 'toString', test: 'present' }));
    assert.ok(!holds({ fact: 'param', name: 'plan', test: 'starts-with', value: 'old' }));
    assert.ok(holds({ fact: 'param', name: 'plan', test: 'contains', value: 'OLD' }));
    assert.ok(holds({ fact: 'language', test: 'starts-with', value: 'zh' }, { language: 'zh-CN' }));
    assert.ok(!holds({ fact: 'page', test: 'contains', value: 'x' }, { page: null }));
    assert.ok(holds({ fact: 'verified' }, { verified: true }));
    assert.ok(holds({ fact: 'last-agent' }, { lastAgent: true }));
    const wait = { fact: 'wait', group: 'sales', test: 'above', seconds: 60 };
    assert.ok(holds(wait, { waits: new Map([['sales', 61]]) }));
    assert.ok(!holds(wait), 'no estimate');
  });

  it('sets params and the priority, and keeps params that would be too large as they were', () => {
    const setting = (value: string): Flow =>
      flow({
        s: { type: 'start', next: { next: 'a' } },
        a: { type: 'set', param: 'x', value, next: { next: 'b' } },
        b: { type: 'set', priority: 9, next: { next: 'q' } },
        q: { type: 'queue', group: 'sales', next: { full: 'e', nobody: 'e', timeout: 'e' } },
        e: { type: 'end' },
      });
    const { at, state } = new Walk(setting('1')).last;
    assert.equal(at.kind === 'queue' && at.priority, 9);
    assert.deepEqual(state.params, { x: '1' });
    const full = { x: 'y'.repeat(4_000) };
    assert.equal(
      new Walk(setting('z'.repeat(256)), {}, { ...full, w: 'w'.repeat(50) }).last.at.kind,
      'queue',
    );
  });

  it('waits for a request, and takes its answer as params', () => {
    const asks = flow({
      s: { type: 'start', next: { next: 'r' } },
      r: {
        type: 'request',
        url: 'https://crm.shop.test/',
        next: { ok: 'q', error: 'e', timeout: 'e' },
      },
      q: { type: 'queue', group: 'sales', next: { full: 'e', nobody: 'e', timeout: 'e' } },
      e: { type: 'end' },
    });
    const walk = new Walk(asks);
    assert.deepEqual([walk.node, walk.last.at.kind], ['r', 'request']);
    walk.go({ kind: 'exit', exit: 'ok', params: { plan: 'gold' } });
    assert.deepEqual([walk.last.at.kind, walk.last.state.params], ['queue', { plan: 'gold' }]);
  });
});
