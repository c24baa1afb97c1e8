import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentStatus, type StatusFacts } from '../../../src/server/agents/agent-status.ts';
import { connectionStatus } from '../../../src/server/views/view-reading.ts';

type Leg = StatusFacts['legs'][number];

const leg = (state: Leg['state'], since: number, kind: Leg['kind'] = 'first'): Leg => ({
  kind,
  state,
  offeredAt: state === 'offered' ? since : 0,
  acceptedAt: state === 'offered' ? null : state === 'left' ? 0 : since,
  leftAt: state === 'left' ? since : null,
});
const status = (chosen: StatusFacts['chosen'], ...legs: Leg[]) =>
  agentStatus({ chosen, chosenSince: 1, legs });

test('a call outweighs an offer, an offer the wrap-up, the wrap-up what was chosen', () => {
  assert.deepEqual(status('available'), { status: 'available', since: 1 });
  assert.deepEqual(status('away'), { status: 'away', since: 1 });
  const [wrapUp, offer, call] = [leg('left', 2), leg('offered', 3), leg('accepted', 4)];
  assert.deepEqual(status('break', wrapUp), { status: 'wrap-up', since: 2 });
  assert.deepEqual(status('break', wrapUp, offer), { status: 'ringing', since: 3 });
  assert.deepEqual(status('break', wrapUp, offer, call), { status: 'busy', since: 4 });
  assert.deepEqual(status('break', leg('joined', 5)), { status: 'busy', since: 5 });
});

test('monitoring a call makes nobody busy', () => {
  assert.equal(status('available', leg('joined', 2, 'monitor')).status, 'available');
});

test('of the connections of one person the newest counts, an older one is superseded, another is orphaned', () => {
  assert.equal(connectionStatus('b', ['b', 'a']), 'current');
  assert.equal(connectionStatus('a', ['b', 'a']), 'superseded');
  assert.equal(connectionStatus('c', ['b', 'a']), 'orphaned');
  assert.equal(connectionStatus('c', []), 'orphaned');
});
