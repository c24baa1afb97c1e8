import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { exitsOf, stepOf, waitsForVisitor } from '../../../src/protocol/flow-graph.ts';
import type { Flow, FlowStep } from '../../../src/protocol/flow.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { checkFlow } from '../../../src/server/flows/check-flow.ts';
import type { FlowInput, FlowOutcome } from '../../../src/server/flows/flow-state.ts';
import { beforeFlow, stepFlow } from '../../../src/server/flows/step-flow.ts';
import { facts, flow, references } from './flow-fixture.ts';

const text = { en: 'Text' };
const kinds: readonly FlowStep[] = [
  { type: 'menu', title: text, options: ['a', 'b'].map((id) => ({ id, label: text })) },
  { type: 'hours', hours: 'office' },
  {
    type: 'condition',
    cases: [{ id: 'yes', fact: 'param', name: 'x', test: 'equals', value: '1' }],
  },
  { type: 'set', param: 'x', value: '1' },
  { type: 'message', text },
  { type: 'form', title: text, optional: true, fields: [{ id: 'x', label: text, type: 'text' }] },
  { type: 'request', url: 'https://crm.shop.test/' },
  { type: 'queue', group: 'sales' },
  { type: 'callback' },
  { type: 'leave-message' },
];

/**
 * Flows that can be published. A silent step leads only to later ones, so that there is no silent circle; the first
 * exit of every step does, so that there is a way out. What cannot be reached is left out.
 */
const validFlow: fc.Arbitrary<Flow> = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      to: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
    }),
    {
      minLength: 1,
      maxLength: 30,
    },
  )
  .map((drawn) => {
    const last = drawn.length;
    const nodes: Record<string, FlowStep> = {
      s: { type: 'start', next: { next: 'n0' } },
      [`n${last}`]: { type: 'end' },
    };
    drawn.forEach(({ kind, to }, index) => {
      const later = (drawnTo: number): number => index + 1 + (drawnTo % (last - index));
      const next = exitsOf(kind).map((exit, i) => {
        const target = to[i] ?? 0;
        const anywhere = i > 0 && waitsForVisitor(kind);
        return [exit, `n${anywhere ? target % (last + 1) : later(target)}`];
      });
      nodes[`n${index}`] = { ...kind, next: Object.fromEntries(next) as Record<string, string> };
    });
    const reached = new Set(['s']);
    for (const id of reached) {
      for (const to of Object.values(nodes[id]?.next ?? {})) reached.add(to);
    }
    return flow(Object.fromEntries(Object.entries(nodes).filter(([id]) => reached.has(id))));
  });

const anyValue = fc.oneof(
  fc.constantFrom('a', 'b', 'next', 'skipped', 'refused', 'constructor', '__proto__', ''),
  fc.constantFrom({ x: '1' }, { x: '' }, { contact: 'a@b', text: 'Hello' }, { contact: '1\0' }, {}),
  fc.dictionary(fc.string(), fc.string(), { maxKeys: 3, noNullPrototype: true }),
  fc.string(),
);
const anyInput: fc.Arbitrary<FlowInput> = fc.oneof(
  fc.record({ kind: fc.constant('answer' as const), value: anyValue }),
  fc.constant({ kind: 'back' as const }),
);

describe('any flow that can be published', () => {
  it('ends or waits after every answer, and no answer breaks it', () => {
    fc.assert(
      fc.property(
        validFlow,
        fc.array(fc.tuple(anyInput, fc.nat()), { maxLength: 40 }),
        (of, inputs) => {
          assert.deepEqual(checkFlow(of, references), []);
          let now = stepFlow(of, beforeFlow({}), { kind: 'begin' }, facts());
          requireSound(of, now);
          for (const [input, choice] of inputs) {
            if (now.at.kind === 'end') return;
            const before = structuredClone(now.state);
            const step = stepOf(of, now.state.node ?? '');
            const exits = step ? exitsOf(step) : [];
            // Requests and queues are left by their exits; the rest is up to the visitor.
            const asked: FlowInput =
              now.at.kind === 'visitor'
                ? input
                : { kind: 'exit', exit: exits[choice % exits.length] ?? '' };
            try {
              now = stepFlow(of, now.state, asked, facts());
            } catch (error) {
              assert.ok(
                error instanceof RtcDeskError && error.code === 'invalid-params',
                `${error}`,
              );
              assert.deepEqual(now.state, before, 'a refused answer changes nothing');
            }
            requireSound(of, now);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

function requireSound(of: Flow, { at, state }: FlowOutcome): void {
  const step = stepOf(of, state.node ?? '');
  assert.ok(step, 'the call stands at a step of its flow');
  if (at.kind === 'visitor') assert.ok(waitsForVisitor(step));
  else assert.equal(step.type, at.kind);
}
