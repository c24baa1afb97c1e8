import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { waitUntil } from '../support/wait-until.ts';
import { Cluster } from './cluster/cluster.ts';
import type { Agent } from './clients/agent.ts';
import type { Visitor } from './clients/visitor.ts';
import { describe as tell } from './run-steps.ts';
import { Scene } from './fault-run.ts';

interface Stage {
  readonly agent: Agent;
  readonly visitor: Visitor;
}

interface Transition {
  readonly to: string;
  /** Brings the call there. */
  move(stage: Stage): void;
  isThere(stage: Stage): boolean;
}

/** The way of a call, in its order. */
const TRANSITIONS: readonly Transition[] = [
  {
    to: 'queued',
    move: ({ visitor }) => visitor.come(0),
    isThere: ({ visitor }) => visitor.view?.call?.state === 'queued',
  },
  {
    to: 'offered',
    move: ({ agent }) => agent.choose('available'),
    isThere: ({ agent }) => Boolean(agent.view?.offer),
  },
  {
    to: 'accepted',
    move: ({ agent }) => agent.accept(),
    isThere: ({ agent }) => agent.view?.call?.state === 'accepted',
  },
  {
    to: 'ready',
    move: ({ agent }) => {
      agent.dawdles = false;
      agent.look();
    },
    isThere: ({ visitor }) => visitor.view?.call?.state === 'ready',
  },
  {
    to: 'connected',
    move: ({ visitor }) => visitor.wakeUp(),
    isThere: ({ agent, visitor }) =>
      agent.view?.call?.state === 'connected' && visitor.view?.call?.state === 'connected',
  },
  {
    to: 'wrap-up',
    move: ({ agent }) => agent.endCall(),
    isThere: ({ agent }) => Boolean(agent.view?.wrapUp),
  },
];

describe('with the node killed that serves a call', () => {
  let cluster: Cluster | null = null;
  let turn = 0;
  before(async () => {
    cluster = await Cluster.start();
  });
  after(() => cluster?.dispose());

  /** Leads a call through `through` transitions on one node, kills that, and lets the others serve. */
  async function killAt(through: number, alsoAsk: Transition | null): Promise<void> {
    const machines = cluster as Cluster;
    await machines.heal();
    turn += 1;
    const door = turn % machines.nodes.length;
    const scene = await Scene.set(machines, { agents: 1, wrapUpSeconds: 20 });
    const [agent] = scene.agents;
    if (!agent) throw new Error('The scene has an agent.');
    agent.dawdles = true;
    agent.come(door);
    await waitUntil('the agent is there', () => agent.present);
    const visitor = scene.visitor('pre-sales', door);
    visitor.dawdles = true;
    const stage = { agent, visitor };
    for (const { to, move, isThere } of TRANSITIONS.slice(0, through)) {
      move(stage);
      await waitUntil(`the call is ${to}`, () => isThere(stage));
    }
    alsoAsk?.move(stage);
    scene.trouble('node-is-killed');
    await machines.nodes[door]?.end('SIGKILL');
    // Whoever comes next is served too: the agent is held by nothing that died.
    scene.visitor('pre-sales', door);
    await scene.serve();
    const history = await scene.strike();
    assert.equal(tell(scene.check(history)), '');
    assert.deepEqual(
      history.record.calls.map(({ endedReason }) => endedReason),
      ['agent-ended', 'agent-ended'],
    );
  }

  for (const [index, transition] of TRANSITIONS.entries()) {
    it(`the others take over a call that is ${transition.to}`, () => killAt(index + 1, null));
    it(`the others know whether it became ${transition.to}, where it was asked for in that moment`, () =>
      killAt(index, transition));
  }
});
