import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { CallRecord } from '../../../src/protocol/rest/calls.ts';
import { flowAnswers } from '../../../src/server/flows/flow-answers.ts';
import { contractFlow } from './flow-fixture.ts';

const event = (sequence: number, data: Record<string, unknown>, type = 'flow-answered') =>
  ({ sequence, type, at: 0, actor: 'visitor', leg: null, agent: null, data }) as const;

it('what a visitor chose has the texts of the step and of the option', () => {
  const events: CallRecord['events'] = [
    event(1, {}, 'created'),
    event(2, { node: 'm', value: 'fault' }),
    event(3, { node: 'm', value: 'no-longer-there' }),
    event(4, { node: 'q2', exit: 'nobody' }),
    event(5, { node: 'constructor', value: 'x' }),
  ];
  const step = { en: 'What is it about?', 'zh-CN': '请选择问题类型' };
  assert.deepEqual(flowAnswers(contractFlow, events), [
    { sequence: 2, type: 'menu', step, answer: { en: 'Report a fault', 'zh-CN': '产品报障' } },
    { sequence: 3, type: 'menu', step, answer: null },
    { sequence: 4, type: 'queue', step: null, answer: null },
  ]);
});
