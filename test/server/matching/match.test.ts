import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RoutingRules } from '../../../src/server/matching/rules.ts';
import type { WaitingCall } from '../../../src/server/matching/waiting-call.ts';
import { agent, call, pairs, reason, refused, waited } from './situation.ts';

describe('the order of the calls', () => {
  const agents = [agent('A', { idle: 3 }), agent('B', { idle: 2 }), agent('C', { idle: 1 })];

  it('puts the higher priority first, then the longer wait, then the id', () => {
    const calls = [
      call('younger'),
      waited('older', 10),
      call('urgent', { priority: 6 }),
      waited('also-older', 10),
    ];
    assert.deepEqual(pairs({ calls, agents }), ['urgent→A', 'also-older→B', 'older→C']);
  });

  it('lets a call overtake another as its priority grows, up to the limit of the rules', () => {
    const grown = (seconds: number, upTo: number) =>
      pairs({
        calls: [waited('plain', seconds, { priority: 3 }), call('urgent', { priority: 5 })],
        agents: [agent('A')],
        rules: { priorityGrowth: { everySeconds: 60, upTo } },
      });
    assert.deepEqual(grown(119, 9), ['urgent→A']);
    assert.deepEqual(grown(120, 9), ['plain→A']);
    assert.deepEqual(grown(3_600, 4), ['urgent→A']);
  });

  it('does not lower a priority that is above the limit of its growth', () => {
    const calls = [waited('urgent', 600, { priority: 8 }), waited('plain', 700, { priority: 7 })];
    const rules = { priorityGrowth: { everySeconds: 60, upTo: 5 } };
    assert.deepEqual(pairs({ calls, agents: [agent('A')], rules }), ['urgent→A']);
  });

  it('holds over all groups: an agent of two goes to the call that is first', () => {
    const both = agent('A', { levels: { sales: 5, service: 1 } });
    const calls = [waited('old', 20), waited('young', 10, { groupId: 'service' })];
    assert.deepEqual(pairs({ calls, agents: [both] }), ['old→A']);
    assert.deepEqual(pairs({ calls, agents: [both, agent('B')] }), ['old→B', 'young→A']);
  });

  it('lets a call pass that nobody can take', () => {
    const calls = [waited('old', 20, { groupId: 'service' }), call('young')];
    assert.deepEqual(pairs({ calls, agents: [agent('A')] }), ['young→A']);
  });
});

describe('the order of the agents', () => {
  it('puts the best level first, then the longest idle, then the id', () => {
    const agents = [
      agent('D', { idle: 90, levels: { sales: 3 } }),
      agent('C', { idle: 10 }),
      agent('B', { idle: 10 }),
      agent('A', { idle: 5 }),
    ];
    const calls = ['1', '2', '3', '4'].map((id) => call(id));
    assert.deepEqual(pairs({ calls, agents }), ['1→B', '2→C', '3→A', '4→D']);
  });

  it('counts the level in the group of the call', () => {
    const agents = [
      agent('A', { idle: 9, levels: { sales: 4, service: 1 } }),
      agent('B', { levels: { sales: 2, service: 5 } }),
    ];
    assert.deepEqual(pairs({ calls: [call('1')], agents }), ['1→B']);
  });
});

describe('the last agent of a visitor', () => {
  const back = (seconds: number, fields: Partial<WaitingCall> = {}) => [
    waited('1', seconds, { visitorLastAgent: 'L', ...fields }),
  ];
  const rules: RoutingRules = { preferLast: { seconds: 30 } };
  const other = agent('A', { idle: 60 });
  const last = agent('L', { levels: { sales: 5 } });

  it('comes first if the rules say so, and counts for nothing if they do not', () => {
    assert.deepEqual(pairs({ calls: back(0), agents: [other, last], rules }), ['1→L']);
    assert.deepEqual(pairs({ calls: back(99), agents: [other, last], rules }), ['1→L']);
    assert.deepEqual(pairs({ calls: back(0), agents: [other, last] }), ['1→A']);
  });

  it('is waited for while busy, for as long as the rules say', () => {
    const situation = { agents: [other], busyAgents: [last], rules };
    assert.deepEqual(pairs({ ...situation, calls: back(29) }), []);
    assert.deepEqual(pairs({ ...situation, calls: back(30) }), ['1→A']);
    const never = { preferLast: { seconds: 0 } };
    assert.deepEqual(pairs({ ...situation, calls: back(0), rules: never }), ['1→A']);
  });

  it('is waited for, too, if a call before took that agent in the same run', () => {
    const calls = [call('0', { priority: 9, visitorLastAgent: 'L' }), ...back(0)];
    assert.deepEqual(pairs({ calls, agents: [other, last], rules }), ['0→L']);
  });

  it('is not waited for while away', () => {
    assert.deepEqual(pairs({ calls: back(0), agents: [other], rules }), ['1→A']);
  });

  it('is not waited for by a call that this agent may not take', () => {
    const elsewhere = agent('L', { levels: { service: 1 } });
    const situation = { calls: back(0), agents: [other], busyAgents: [elsewhere], rules };
    assert.deepEqual(pairs(situation), ['1→A']);
  });

  it('is not waited for if only a later ring admits that agent', () => {
    const elsewhere = agent('L', { levels: { service: 1 } });
    const widened = { ...rules, rings: [{ afterSeconds: 5, groups: ['service'] }] };
    const situation = { agents: [other], busyAgents: [elsewhere], rules: widened };
    assert.deepEqual(pairs({ ...situation, calls: back(10) }), ['1→A']);
    assert.deepEqual(pairs({ ...situation, calls: back(10), agents: [other, elsewhere] }), ['1→L']);
  });

  it('is neither preferred nor waited for after refusing the call', () => {
    const calls = back(10, { refusals: [refused('L', 'missed', 10)] });
    assert.deepEqual(pairs({ calls, agents: [other, last], rules }), ['1→A']);
    assert.deepEqual(pairs({ calls, agents: [other], busyAgents: [last], rules }), ['1→A']);
  });

  it('holds up no other call', () => {
    const calls = [...back(20), call('2')];
    assert.deepEqual(pairs({ calls, agents: [other], busyAgents: [last], rules }), ['2→A']);
  });
});

describe('a refusal', () => {
  const agents = [agent('A', { idle: 60 })];

  it('keeps the agent out of that call: a decline for 60 s, a missed or withdrawn offer for 10 s', () => {
    for (const [kind, seconds] of [
      ['declined', 60],
      ['missed', 10],
      ['withdrawn', 10],
    ] as const) {
      const calls = (ago: number) => [waited('1', 90, { refusals: [refused('A', kind, ago)] })];
      assert.deepEqual(pairs({ calls: calls(seconds - 0.001), agents }), [], kind);
      assert.deepEqual(pairs({ calls: calls(seconds), agents }), ['1→A'], kind);
    }
  });

  it('keeps the agent out as long as the longest of several refusals', () => {
    const refusals = [refused('A', 'declined', 50), refused('A', 'missed', 20)];
    assert.deepEqual(pairs({ calls: [waited('1', 90, { refusals })], agents }), []);
  });

  it('keeps the agent out of no other call: a younger one is served', () => {
    const calls = [waited('old', 9, { refusals: [refused('A', 'declined', 5)] }), call('young')];
    assert.deepEqual(pairs({ calls, agents }), ['young→A']);
  });

  it('puts the agent behind all who have not refused, the oldest refusal first', () => {
    const refusals = [refused('A', 'declined', 70), refused('B', 'declined', 80)];
    const calls = [waited('1', 90, { refusals })];
    const refusers = [...agents, agent('B', { idle: 50 })];
    const fresh = agent('C', { levels: { sales: 5 } });
    assert.deepEqual(pairs({ calls, agents: [...refusers, fresh] }), ['1→C']);
    assert.deepEqual(pairs({ calls, agents: refusers }), ['1→B']);
  });
});

describe('rings', () => {
  const service = agent('S', { idle: 60, levels: { service: 1 } });
  const widened: RoutingRules = { rings: [{ afterSeconds: 30, groups: ['service'] }] };

  it('let members of further groups take a call that has waited long enough', () => {
    const after = (seconds: number) =>
      pairs({ calls: [waited('1', seconds)], agents: [service], rules: widened });
    assert.deepEqual(after(29), []);
    assert.deepEqual(after(30), ['1→S']);
  });

  it('leave the call its place: it goes before a younger call of the further group', () => {
    const calls = [waited('guest', 40), waited('own', 39, { groupId: 'service' })];
    assert.deepEqual(pairs({ calls, agents: [service], rules: widened }), ['guest→S']);
    const older = [waited('guest', 40), waited('own', 41, { groupId: 'service' })];
    assert.deepEqual(pairs({ calls: older, agents: [service], rules: widened }), ['own→S']);
  });

  it('prefer an agent of an earlier ring to a better one of a later ring', () => {
    const own = agent('A', { levels: { sales: 5 } });
    const situation = { calls: [waited('1', 40)], agents: [service, own], rules: widened };
    assert.deepEqual(pairs(situation), ['1→A']);
  });

  it('limit the levels of the first pool, and add the others later', () => {
    const rules = { rings: [{ afterSeconds: 0, maxLevel: 2 }, { afterSeconds: 20 }] };
    const agents = [agent('A', { levels: { sales: 3 } })];
    assert.deepEqual(pairs({ calls: [waited('1', 19)], agents, rules }), []);
    assert.deepEqual(pairs({ calls: [waited('1', 20)], agents, rules }), ['1→A']);
  });

  it('limit the levels of a further group alone, if they add one', () => {
    const rules = { rings: [{ afterSeconds: 30, groups: ['service'], maxLevel: 2 }] };
    const calls = [waited('1', 30)];
    const low = { sales: 5 };
    assert.deepEqual(pairs({ calls, agents: [agent('A', { levels: low })], rules }), ['1→A']);
    const lowService = agent('S', { levels: { service: 3 } });
    assert.deepEqual(pairs({ calls, agents: [lowService], rules }), []);
  });

  it('are taken in the order of their times, whatever their order in the rules', () => {
    const rules = {
      rings: [
        { afterSeconds: 60, groups: ['billing'] },
        { afterSeconds: 30, groups: ['service'] },
      ],
    };
    const calls = [waited('1', 40)];
    const billing = agent('B', { levels: { billing: 1 } });
    assert.deepEqual(pairs({ calls, agents: [billing], rules }), []);
    assert.equal(reason({ calls, agents: [service], rules }).params.ring, 1);
  });
});
