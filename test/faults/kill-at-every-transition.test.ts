import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { activeLeg, offeredLeg, wrapUpLeg } from '../support/agent-legs.ts';
import { waitUntil } from '../support/wait-until.ts';
import type { Agent } from './clients/agent.ts';
import type { Visitor } from './clients/visitor.ts';
import { Cluster } from './cluster/cluster.ts';
import { FaultRun } from './fault-run.ts';
import { describe as describeBreaches } from './run-steps.ts';

interface People {
  readonly agent: Agent;
  readonly visitor: Visitor;
}

interface Transition {
  readonly to: string;
  /** Starts the transition. */
  start(people: People): void;
  isDone(people: People): boolean;
}

/** The transitions of a call, in their order. */
const TRANSITIONS: readonly Transition[] = [
  {
    to: 'queued',
    start: ({ visitor }) => visitor.connect(0),
    isDone: ({ visitor }) => visitor.view?.call?.state === 'queued',
  },
  {
    to: 'offered',
    start: ({ agent }) => agent.setStatus('available'),
    isDone: ({ agent }) => agent.view !== null && offeredLeg(agent.view) !== undefined,
  },
  {
    to: 'accepted',
    start: ({ agent }) => agent.accept(),
    isDone: ({ agent }) => agent.view !== null && activeLeg(agent.view)?.state === 'accepted',
  },
  {
    to: 'ready',
    start: ({ agent }) => {
      agent.entersRooms = true;
      agent.reactAgain();
    },
    isDone: ({ visitor }) => visitor.view?.call?.state === 'ready',
  },
  {
    to: 'connected',
    start: ({ visitor }) => visitor.enterFromNowOn(),
    isDone: ({ agent, visitor }) =>
      agent.view !== null &&
      activeLeg(agent.view)?.call.state === 'connected' &&
      visitor.view?.call?.state === 'connected',
  },
  {
    to: 'in wrap-up',
    start: ({ agent }) => agent.endCall(),
    isDone: ({ agent }) => agent.view !== null && wrapUpLeg(agent.view) !== undefined,
  },
];

describe('when the node that serves a call is killed', () => {
  let cluster: Cluster | null = null;
  let runs = 0;
  before(async () => {
    cluster = await Cluster.start();
  });
  after(() => cluster?.dispose());

  /**
   * Brings a call through the first `count` transitions on one node, starts `pending` if there is one, kills the
   * node, and lets the others finish the call.
   */
  async function killAfter(count: number, pending: Transition | null): Promise<void> {
    const machines = cluster as Cluster;
    await machines.repair();
    runs += 1;
    const node = runs % machines.nodes.length;
    const run = await FaultRun.start(machines, { agents: 1, wrapUpSeconds: 20 });
    const [agent] = run.agents;
    if (!agent) throw new Error('The run has no agent.');
    agent.entersRooms = false;
    agent.connect(node);
    await waitUntil('the agent is online', () => agent.isOnline);
    const visitor = run.addVisitor('pre-sales', node);
    visitor.entersRooms = false;
    const people = { agent, visitor };
    for (const { to, start, isDone } of TRANSITIONS.slice(0, count)) {
      start(people);
      await waitUntil(`the call is ${to}`, () => isDone(people));
    }
    pending?.start(people);
    run.recordFault('node-is-killed');
    await machines.nodes[node]?.end('SIGKILL');
    // A second visitor is served too: the dead node holds nothing of the agent.
    run.addVisitor('pre-sales', node);
    await run.finishAllCalls();
    const history = await run.stop();
    assert.equal(describeBreaches(run.check(history)), '');
    assert.deepEqual(
      history.record.calls.map(({ endedReason }) => endedReason),
      ['agent-ended', 'agent-ended'],
    );
  }

  for (const [index, transition] of TRANSITIONS.entries()) {
    it(`the other nodes go on with a call that is ${transition.to}`, () =>
      killAfter(index + 1, null));
    it(`the other nodes know whether the call is ${transition.to}, if that was asked for at that moment`, () =>
      killAfter(index, transition));
  }
});
