import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Ajv } from 'ajv';
import { Flow, type FlowStep } from '../../../src/protocol/flow.ts';
import { checkFlow } from '../../../src/server/flows/check-flow.ts';
import { contractFlow, flow, references } from './flow-fixture.ts';

const start: FlowStep = { type: 'start', next: { next: 'a' } };
const end: FlowStep = { type: 'end' };
const menu = (next: Record<string, string>): FlowStep => ({
  type: 'menu',
  title: { en: 'Which?' },
  options: Object.keys(next).map((id) => ({ id, label: { en: id } })),
  next,
});
/** The faults as `code node`. */
const faultsOf = (nodes: Record<string, FlowStep>): string[] =>
  checkFlow(flow(nodes), references).map(({ code, node }) => `${code} ${node ?? '-'}`);

describe('the publishing rules of a flow', () => {
  it('accept the example of the contract, which fits the schema', () => {
    assert.deepEqual(checkFlow(contractFlow, references), []);
    const validate = new Ajv({ allowUnionTypes: true }).compile(Flow);
    assert.ok(validate(contractFlow), JSON.stringify(validate.errors));
  });

  it('demand that every exit leads to a step that is there, and know no other exits', () => {
    const faults = checkFlow(
      flow({
        s: start,
        a: { type: 'hours', hours: 'office', next: { open: 'gone', other: 'e' } },
        e: end,
      }),
      references,
    );
    const ofHours = faults.filter(({ node }) => node === 'a');
    assert.deepEqual(ofHours.slice(0, 3), [
      { code: 'unknown-step', node: 'a', params: { exit: 'open', to: 'gone' } },
      { code: 'exit-unwired', node: 'a', params: { exit: 'closed' } },
      { code: 'unknown-exit', node: 'a', params: { exit: 'other' } },
    ]);
  });

  it('find a missing start, a second start and a step that nothing leads to', () => {
    assert.ok(faultsOf({ a: end }).includes('no-start -'));
    const faults = faultsOf({
      s: start,
      a: end,
      t: { type: 'start', next: { next: 'a' } },
      x: end,
    });
    assert.deepEqual(faults, ['second-start t', 'unreachable t', 'unreachable x']);
  });

  it('find a step from which no path leads out', () => {
    const faults = faultsOf({
      s: start,
      a: menu({ on: 'e', loop: 'b' }),
      b: menu({ again: 'b' }),
      e: end,
    });
    assert.deepEqual(faults, ['no-way-out b']);
  });

  it('allow a circle through a menu, and find one that nobody can stop', () => {
    assert.deepEqual(faultsOf({ s: start, a: menu({ again: 'a', on: 'e' }), e: end }), []);
    const when = (value: string, next: Record<string, string>): FlowStep => ({
      type: 'condition',
      cases: [{ id: 'yes', fact: 'language', test: 'equals', value }],
      next,
    });
    const faults = faultsOf({
      s: start,
      a: when('en', { yes: 'b', else: 'e' }),
      b: when('de', { yes: 'a', else: 'e' }),
      e: end,
    });
    assert.deepEqual(faults, ['silent-circle a', 'silent-circle b']);
  });

  it('count the steps, all of them and those in a row that do not wait', () => {
    const chain = (length: number): Record<string, FlowStep> => {
      const nodes: Record<string, FlowStep> = { s: { type: 'start', next: { next: 'n1' } } };
      for (let i = 1; i <= length; i += 1) {
        nodes[`n${i}`] = {
          type: 'set',
          priority: 3,
          next: { next: i < length ? `n${i + 1}` : 'e' },
        };
      }
      return { ...nodes, e: end };
    };
    assert.deepEqual(faultsOf(chain(48)), []);
    assert.ok(faultsOf(chain(49)).includes('too-many-silent-steps s'));
    assert.ok(faultsOf(chain(99)).includes('too-many-steps -'));
  });

  it('know what the site has: groups, hours and hosts', () => {
    const next = { ok: 'b', error: 'b', timeout: 'b' };
    const request = (url: string): FlowStep => ({ type: 'request', url, next });
    const queue: FlowStep = {
      type: 'queue',
      group: 'astrology',
      next: { full: 'e', nobody: 'e', timeout: 'e' },
    };
    const rest: Record<string, FlowStep> = {
      b: { type: 'hours', hours: 'night', next: { open: 'q', closed: 'e' } },
      q: queue,
      e: end,
    };
    const wanted = ['unknown-hours b', 'unknown-group q'];
    const at = (url: string) => faultsOf({ s: start, a: request(url), ...rest });
    assert.deepEqual(at('https://crm.shop.test/plan?x=1'), wanted);
    for (const url of [
      'https://evil.test/',
      'https://crm.shop.test:8443/',
      'https://crm.shop.test@evil.test/',
    ]) {
      assert.deepEqual(at(url), ['host-not-allowed a', ...wanted], url);
    }
  });

  it('find settings that cannot work', () => {
    const faults = faultsOf({
      s: start,
      a: { type: 'set', param: 'x', next: { next: 'b' } },
      b: {
        type: 'form',
        title: { en: 'You' },
        fields: [
          { id: 'x', label: { en: 'X' }, type: 'choice' },
          { id: 'x', label: { en: 'X' }, type: 'text' },
        ],
        next: { done: 'c', skipped: 'c' },
      },
      c: {
        type: 'condition',
        cases: [{ id: 'else', fact: 'param', name: 'x', test: 'equals' }],
        next: { else: 'e' },
      },
      e: end,
    });
    assert.deepEqual(faults, [
      'set-incomplete a',
      'duplicate-id b',
      'choice-without-options b',
      'duplicate-id c',
      'case-without-value c',
    ]);
  });
});
