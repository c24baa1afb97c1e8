import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentStatus, type StatusFacts } from '../../../src/server/agents/agent-status.ts';
import { standingOf } from '../../../src/server/views/view-reading.ts';

const facts: StatusFacts = {
  chosen: 'available',
  chosenSince: 1,
  ringingSince: null,
  busySince: null,
  wrapUpSince: null,
};

test('a call outweighs an offer, an offer the wrap-up, the wrap-up what was chosen', () => {
  assert.deepEqual(agentStatus(facts), { status: 'available', since: 1 });
  assert.equal(agentStatus({ ...facts, chosen: 'away' }).status, 'away');
  const wrapUp = { ...facts, wrapUpSince: 2 };
  assert.deepEqual(agentStatus(wrapUp), { status: 'wrap-up', since: 2 });
  assert.deepEqual(agentStatus({ ...wrapUp, ringingSince: 3 }), { status: 'ringing', since: 3 });
  const busy = { ...wrapUp, ringingSince: 3, busySince: 4 };
  assert.deepEqual(agentStatus(busy), { status: 'busy', since: 4 });
});

test('of the connections of one person the newest counts, an older is superseded, none is orphaned', () => {
  assert.equal(standingOf('b', ['b', 'a']), 'current');
  assert.equal(standingOf('a', ['b', 'a']), 'superseded');
  assert.equal(standingOf('c', ['b', 'a']), 'orphaned');
  assert.equal(standingOf('c', []), 'orphaned');
});
