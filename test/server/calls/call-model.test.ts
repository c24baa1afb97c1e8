import { describe, it } from 'node:test';
import fc from 'fast-check';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { declineOffer } from '../../../src/server/legs/decline-offer.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import { finishWrapUp } from '../../../src/server/legs/finish-wrap-up.ts';
import { matchCalls } from '../../../src/server/queue/match-calls.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld, type TestAgent, type TestVisitor } from './call-world.ts';
import { assertSound } from './sound-state.ts';

const RUNS = 12;

type Step =
  | { readonly do: 'request' | 'match' | 'sweep'; readonly who: number }
  | {
      readonly do: 'accept' | 'decline' | 'miss' | 'enter' | 'end' | 'wrap-up';
      readonly who: number;
    }
  | {
      readonly do: 'status';
      readonly who: number;
      readonly status: 'available' | 'break' | 'offline';
    }
  | { readonly do: 'agent-gone' | 'agent-back' | 'visitor-enter' | 'cancel'; readonly who: number }
  | { readonly do: 'visitor-gone' | 'visitor-back'; readonly who: number }
  | { readonly do: 'time'; readonly who: number };

const who = fc.nat(2);
const step = (name: Step['do']) => fc.record({ do: fc.constant(name), who }) as fc.Arbitrary<Step>;
const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: step('request') },
    { weight: 6, arbitrary: step('match') },
    { weight: 3, arbitrary: step('sweep') },
    { weight: 6, arbitrary: step('accept') },
    { weight: 2, arbitrary: step('decline') },
    { weight: 2, arbitrary: step('miss') },
    { weight: 6, arbitrary: step('enter') },
    { weight: 6, arbitrary: step('visitor-enter') },
    { weight: 2, arbitrary: step('end') },
    { weight: 2, arbitrary: step('cancel') },
    { weight: 3, arbitrary: step('wrap-up') },
    { weight: 2, arbitrary: step('agent-gone') },
    { weight: 3, arbitrary: step('agent-back') },
    { weight: 2, arbitrary: step('visitor-gone') },
    { weight: 2, arbitrary: step('visitor-back') },
    { weight: 2, arbitrary: step('time') },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('status' as const),
        who,
        status: fc.constantFrom('available' as const, 'break' as const, 'offline' as const),
      }),
    },
  ),
  { minLength: 10, maxLength: 45 },
);

describe('whatever people do, in whatever order', () => {
  onBothDatabases((test) => {
    it('every promise of the design holds, and nobody waits for ever', async () => {
      await fc.assert(
        fc.asyncProperty(steps, fc.boolean(), async (plan, together) => {
          await test.db.query('truncate sites, agents, nodes, calls, rooms cascade');
          const play = await Play.begin(await CallWorld.make(test.db, test.nodeId));
          // Two at a time run into each other on PostgreSQL's many connections.
          for (let i = 0; i < plan.length; i += together ? 2 : 1) {
            const now = plan.slice(i, i + (together ? 2 : 1));
            await Promise.all(now.map((next) => play.take(next)));
            await assertSound(test.db);
          }
          await play.settle();
          await assertSound(test.db);
        }),
        { numRuns: RUNS },
      );
    });
  });
});

/** Three agents, and visitors as they come. */
class Play {
  readonly #visitors: TestVisitor[] = [];

  private constructor(
    private readonly world: CallWorld,
    private readonly agents: { person: TestAgent; tab: string | null }[],
  ) {}

  static async begin(world: CallWorld): Promise<Play> {
    const people = [
      await world.agent('Alice', ['sales']),
      await world.agent('Bob', ['sales', 'service']),
      await world.agent('Carol', ['service']),
    ];
    return new Play(
      world,
      people.map((person) => ({ person, tab: person.tab })),
    );
  }

  /** Does what is possible; a step that comes too late is refused with `conflict`, and that is all. */
  async take(next: Step): Promise<void> {
    try {
      await this.#do(next);
    } catch (error) {
      if ((error as { code?: string }).code !== 'conflict') throw error;
    }
  }

  /** Everyone behaves from here on; then each call has to come to its end. */
  async settle(): Promise<void> {
    const { db } = this.world;
    for (let round = 0; round < 40; round += 1) {
      const { rowCount } = await db.query(`select from calls where state <> 'ended'`);
      if (rowCount === 0) return;
      for (let i = 0; i < this.agents.length; i += 1) {
        await this.take({ do: 'agent-back', who: i });
        await this.take({ do: 'status', who: i, status: 'available' });
      }
      await this.#letTimePass();
      await this.world.sweep();
      await matchCalls(db);
      for (let i = 0; i < this.agents.length; i += 1) {
        for (const name of ['accept', 'enter', 'end', 'wrap-up'] as const) {
          await this.take({ do: name, who: i });
        }
      }
    }
    throw new Error('a call waits for ever');
  }

  async #do(next: Step): Promise<void> {
    const { world } = this;
    const { db } = world;
    const agent = this.agents[next.who];
    const visitor = this.#visitors[this.#visitors.length - 1 - next.who];
    if (!agent) throw new Error('no such agent');
    const agentId = agent.person.id;
    switch (next.do) {
      case 'request':
        this.#visitors.push(await world.visitor({ skill: next.who === 0 ? 'sales' : 'service' }));
        return;
      case 'match':
        await matchCalls(db);
        return;
      case 'sweep':
        return world.sweep();
      case 'accept': {
        const offer = await this.#offer(agentId);
        if (offer && agent.tab) {
          await acceptOffer(db, { offerId: offer, agentId, connectionId: agent.tab });
        }
        return;
      }
      case 'decline': {
        const offer = await this.#offer(agentId);
        if (offer) await declineOffer(db, { offerId: offer, agentId });
        return;
      }
      case 'miss':
        await db.query(
          `update offers set deadline = now() where agent_id = $1 and state = 'active'`,
          [agentId],
        );
        return world.sweep();
      case 'enter': {
        const join = await this.#join(agentId);
        if (join && agent.tab) await enterRoom(db, { ...join, connectionId: agent.tab });
        return;
      }
      case 'visitor-enter': {
        const join = visitor && (await this.#visitorJoin(visitor.callId));
        if (join) await enterRoom(db, { ...join, connectionId: visitor.connection });
        return;
      }
      case 'end': {
        const { rows } = await db.query<{ id: string }>(
          `select id from calls where agent_id = $1 and state <> 'ended'`,
          [agentId],
        );
        const by = { role: 'agent', agentId } as const;
        if (rows[0]) await endCall(db, { callId: rows[0].id, by });
        return;
      }
      case 'cancel':
        if (visitor) await endCall(db, { callId: visitor.callId, by: { role: 'visitor' } });
        return;
      case 'wrap-up': {
        const { wrap_up_call: callId } = await world.agentRow(agentId);
        if (callId) await finishWrapUp(db, { agentId, callId });
        return;
      }
      case 'status':
        return setStatus(db, { agentId, status: next.status });
      case 'agent-gone':
        if (agent.tab) await closeConnection(db, agent.tab);
        agent.tab = null;
        return;
      case 'agent-back':
        agent.tab ??= await world.tab(agentId);
        return;
      case 'visitor-gone':
        if (visitor) await closeConnection(db, visitor.connection);
        return;
      case 'visitor-back':
        if (visitor) await world.visitorSocket(visitor.callId);
        return;
      case 'time':
        return this.#letTimePass();
    }
  }

  async #letTimePass(): Promise<void> {
    const { db } = this.world;
    const ago = `- interval '61 seconds'`;
    await db.query(`update calls set enter_by = enter_by ${ago}, visitor_gone_at = visitor_gone_at ${ago}
                     where state <> 'ended'`);
    await db.query(
      `update agents set gone_at = gone_at ${ago}, wrap_up_until = wrap_up_until ${ago}`,
    );
    await db.query(`update offers set closed_at = closed_at ${ago}`);
  }

  async #offer(agentId: string): Promise<string | undefined> {
    return (await this.world.offers()).find(({ agent_id }) => agent_id === agentId)?.id;
  }

  async #join(agentId: string): Promise<{ room: number; participant: string } | undefined> {
    const { rows } = await this.world.db.query<{ room: number; participant: string }>(
      `select p.room, p.id as participant from participants p join rooms r on r.number = p.room
        where p.agent_id = $1 and p.left_at is null and r.closed_at is null`,
      [agentId],
    );
    return rows[0];
  }

  async #visitorJoin(callId: string): Promise<{ room: number; participant: string } | undefined> {
    const { rows } = await this.world.db.query<{ room: number; participant: string }>(
      `select p.room, p.id as participant from participants p join calls c on c.room = p.room
        where c.id = $1 and c.ended_at is null and p.role = 'visitor' and p.left_at is null`,
      [callId],
    );
    return rows[0];
  }
}
