import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { agent, call, reason, refused, run, waited } from './situation.ts';

describe('the reason of an offer', () => {
  it('is the longest idle agent among several of one level', () => {
    const agents = [agent('A', { idle: 75 }), agent('B'), agent('C', { levels: { sales: 2 } })];
    assert.deepEqual(reason({ calls: [call('1')], agents }), {
      code: 'longest-idle',
      params: {
        group: 'The sales team',
        rulesVersion: 1,
        ring: 0,
        candidates: 3,
        idleSeconds: 75,
        level: 1,
        passedOver: [],
      },
    });
  });

  it('names the version of the rules of the call’s group', () => {
    const calls = [call('1', { rulesVersion: 4 })];
    assert.equal(reason({ calls, agents: [agent('A')] }).params.rulesVersion, 4);
  });

  it('is the best level if it decided, the only free agent if there was no choice', () => {
    const best = agent('A', { levels: { sales: 2 } });
    const second = agent('B', { idle: 60, levels: { sales: 3 } });
    const calls = [call('1')];
    assert.equal(reason({ calls, agents: [second, best] }).code, 'best-level');
    assert.equal(reason({ calls, agents: [second] }).code, 'only-one-free');
  });

  it('is the last agent if one was preferred', () => {
    const calls = [call('1', { visitorLastAgent: 'L' })];
    const agents = [agent('A', { idle: 60 }), agent('L')];
    assert.equal(
      reason({ calls, agents, rules: { preferLast: { seconds: 0 } } }).code,
      'last-agent',
    );
    assert.equal(reason({ calls, agents }).code, 'longest-idle');
  });

  it('is the ring if one widened the pool, with the group and the level there', () => {
    const { code, params } = reason({
      calls: [waited('1', 60)],
      agents: [agent('S', { levels: { service: 4 } })],
      rules: { rings: [{ afterSeconds: 30, groups: ['service'] }] },
    });
    assert.deepEqual(
      [code, params.group, params.ring, params.level],
      ['ring', 'The service team', 1, 4],
    );
  });

  it('is the refusals if everybody free has refused the call', () => {
    const refusals = [refused('A', 'declined', 61), refused('B', 'missed', 11)];
    const agents = [agent('A', { idle: 1 }), agent('B', { idle: 60 })];
    const { code, params } = reason({ calls: [waited('1', 90, { refusals })], agents });
    assert.deepEqual(code, 'after-refusals');
    assert.deepEqual(params.passedOver, [{ agentId: 'B', code: 'missed' }]);
  });

  it('names who would have come before, and what stood against it', () => {
    const refusals = [refused('A', 'declined', 5), refused('B', 'missed', 30)];
    const { params } = run({
      calls: [call('0', { priority: 9 }), waited('1', 60, { visitorLastAgent: 'L', refusals })],
      agents: [
        agent('A', { idle: 80 }),
        agent('B', { idle: 70 }),
        agent('C', { idle: 90 }),
        agent('D', { idle: 60 }),
        agent('E', { idle: 50 }),
      ],
      busyAgents: [agent('L')],
      rules: { preferLast: { seconds: 30 } },
    })[1]!.reason;
    assert.deepEqual(params.passedOver, [
      { agentId: 'L', code: 'busy' },
      { agentId: 'C', code: 'busy' },
      { agentId: 'A', code: 'declined' },
      { agentId: 'B', code: 'missed' },
    ]);
    assert.equal(params.candidates, 2);
  });

  it('names at most 20 of them', () => {
    const many = Array.from({ length: 30 }, (_, i) => `R${i}`);
    const refusals = many.map((id) => refused(id, 'declined', 5));
    const agents = [agent('A'), ...many.map((id) => agent(id, { idle: 60 }))];
    const { params } = reason({ calls: [call('1', { refusals })], agents });
    assert.equal(params.passedOver.length, 20);
  });
});
