import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentView, TodayView, WaitingCallView } from '../../../src/protocol/views.ts';
import { viewText } from '../../../src/server/sockets/view-text.ts';
import { agentView } from '../../support/fake-views.ts';

const skill = { id: 'sales', name: 'Sales "and" more' };
const today: TodayView = {
  talked: 1,
  missed: 0,
  declined: 0,
  averageSeconds: 40,
  calls: [
    { id: 'c', visitorName: '梅', skill, at: 1, outcome: 'talked', reason: null, seconds: 40 },
  ],
};

const view = (name: string, waiting: readonly WaitingCallView[], day = today): AgentView => ({
  ...agentView({ waiting, today: day }),
  agent: { ...agentView().agent, name },
});

/** Somebody who waits; `count` says how often they were put into text. */
function counted() {
  const count = { texts: 0 };
  const one = {
    toJSON: () => {
      count.texts += 1;
      return { id: 'w', skill };
    },
  };
  return { waiting: [one as unknown as WaitingCallView], count };
}

test('an agent’s view is the same as JSON that it is as an object', () => {
  const whole = view('Alice', []);
  assert.deepEqual(JSON.parse(viewText(whole)), whole);
});

test('a line that many see is put into text once, and another is another', () => {
  const { waiting, count } = counted();
  const texts = ['Alice', 'Bob', 'Carol'].map((name) => viewText(view(name, waiting)));
  assert.equal(count.texts, 1);
  for (const text of texts) {
    assert.deepEqual((JSON.parse(text) as AgentView).waiting, [{ id: 'w', skill }]);
  }
  assert.deepEqual((JSON.parse(viewText(view('Alice', []))) as AgentView).waiting, []);
});

test('a day that has grown is shown as it is', () => {
  const grown = { ...today, talked: 2 };
  assert.deepEqual(JSON.parse(viewText(view('Alice', [], grown))), view('Alice', [], grown));
  assert.deepEqual(JSON.parse(viewText(view('Alice', []))), view('Alice', []));
});
