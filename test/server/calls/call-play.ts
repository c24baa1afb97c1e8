import fc from 'fast-check';
import type { LegKind } from '../../../src/protocol/views.ts';
import { setStatus } from '../../../src/server/agents/set-status.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { acceptOffer } from '../../../src/server/legs/accept-offer.ts';
import { declineOffer } from '../../../src/server/legs/decline-offer.ts';
import { finishWrapUp } from '../../../src/server/legs/finish-wrap-up.ts';
import { leaveLeg } from '../../../src/server/legs/leave-leg.ts';
import { offerLeg } from '../../../src/server/legs/offer-leg.ts';
import { matchCalls } from '../../../src/server/matching/match-calls.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { enterRoom } from '../../../src/server/rooms/enter-room.ts';
import type { CallWorld, TestAgent, TestVisitor } from './call-world.ts';

type PlainStep =
  | 'request'
  | 'match'
  | 'sweep'
  | 'accept'
  | 'decline'
  | 'miss'
  | 'enter'
  | 'visitor-enter'
  | 'leave'
  | 'end'
  | 'cancel'
  | 'wrap-up'
  | 'agent-gone'
  | 'agent-back'
  | 'visitor-gone'
  | 'visitor-back'
  | 'time';

/** `who` is the number of an agent, or of a visitor counted from the newest. */
type Step =
  | { readonly do: PlainStep; readonly who: number }
  | {
      readonly do: 'status';
      readonly who: number;
      readonly status: 'available' | 'break' | 'offline';
    }
  /** The agent offers a call to the next agent, or the next agent monitors it. */
  | { readonly do: 'offer'; readonly who: number; readonly kind: Exclude<LegKind, 'first'> };

const who = fc.nat(2);
const plain = (weight: number, name: PlainStep): fc.WeightedArbitrary<Step> => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(name), who }),
});

/** Ten to sixty steps. */
export const anyPlan: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    plain(4, 'request'),
    plain(6, 'match'),
    plain(3, 'sweep'),
    plain(8, 'accept'),
    plain(2, 'decline'),
    plain(2, 'miss'),
    plain(8, 'enter'),
    plain(8, 'visitor-enter'),
    plain(2, 'leave'),
    plain(2, 'end'),
    plain(2, 'cancel'),
    plain(3, 'wrap-up'),
    plain(2, 'agent-gone'),
    plain(3, 'agent-back'),
    plain(2, 'visitor-gone'),
    plain(2, 'visitor-back'),
    plain(2, 'time'),
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('status' as const),
        who,
        status: fc.constantFrom('available' as const, 'break' as const, 'offline' as const),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('offer' as const),
        who,
        kind: fc.constantFrom(
          'transfer' as const,
          'consult' as const,
          'conference' as const,
          'monitor' as const,
        ),
      }),
    },
  ),
  { minLength: 10, maxLength: 60 },
);

/** Three agents, visitors as they come, and what they do step by step. */
export class CallPlay {
  readonly #visitors: TestVisitor[] = [];

  private constructor(
    private readonly world: CallWorld,
    private readonly agents: { person: TestAgent; tab: string | null }[],
  ) {}

  static async begin(world: CallWorld): Promise<CallPlay> {
    const people = [
      await world.agent('Alice', ['sales']),
      await world.agent('Bob', ['sales', 'service']),
      await world.agent('Carol', ['service']),
    ];
    return new CallPlay(
      world,
      people.map((person) => ({ person, tab: person.tab })),
    );
  }

  /** Does a step where it is possible. A step that comes too late is refused with `conflict`. */
  async take(step: Step): Promise<void> {
    try {
      await this.#do(step);
    } catch (error) {
      if ((error as { code?: string }).code !== 'conflict') throw error;
    }
  }

  /** All agents work from here on, until each call has ended. Rejects where one does not. */
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
      await matchCalls(db, 'shop');
      for (let i = 0; i < this.agents.length; i += 1) {
        for (const name of ['accept', 'enter', 'end', 'wrap-up'] as const) {
          await this.take({ do: name, who: i });
        }
      }
    }
    throw new Error('a call waits for ever');
  }

  async #do(step: Step): Promise<void> {
    const { world } = this;
    const { db } = world;
    const agent = this.agents[step.who];
    const next = this.agents[(step.who + 1) % this.agents.length];
    const visitor = this.#visitors[this.#visitors.length - 1 - step.who];
    if (!agent || !next) throw new Error('no such agent');
    const agentId = agent.person.id;
    switch (step.do) {
      case 'request':
        this.#visitors.push(await world.visitor({ skill: step.who === 0 ? 'sales' : 'service' }));
        return;
      case 'match':
        await matchCalls(db, 'shop');
        return;
      case 'sweep':
        return world.sweep();
      case 'accept': {
        const legId = await this.#leg(agentId, 'offered');
        if (legId && agent.tab) {
          await acceptOffer(db, { legId, agentId, connectionId: agent.tab });
        }
        return;
      }
      case 'decline': {
        const legId = await this.#leg(agentId, 'offered');
        if (legId) await declineOffer(db, { legId, agentId });
        return;
      }
      case 'miss':
        await db.query(
          `update legs set deadline = now() where agent_id = $1 and state = 'offered'`,
          [agentId],
        );
        return world.sweep();
      case 'enter': {
        const connectionId = agent.tab;
        if (!connectionId) return;
        for (const participant of await this.#agentParticipants(agentId)) {
          await enterRoom(db, { ...participant, connectionId });
        }
        return;
      }
      case 'visitor-enter': {
        const participant = visitor && (await this.#visitorParticipant(visitor.callId));
        if (participant) await enterRoom(db, { ...participant, connectionId: visitor.connection });
        return;
      }
      case 'offer': {
        const fromLegId = await this.#leg(agentId, 'joined');
        if (!fromLegId) return;
        await offerLeg(db, {
          callId: (await world.leg(fromLegId)).call_id,
          agentId: next.person.id,
          kind: step.kind,
          fromLegId: step.kind === 'monitor' ? null : fromLegId,
          reason: { code: 'transfer', params: { group: null, idleSeconds: null } },
        });
        return;
      }
      case 'leave': {
        const legId = await this.#leg(agentId, 'joined');
        if (legId) await leaveLeg(db, { legId, reason: 'transferred' });
        return;
      }
      case 'end': {
        const legId =
          (await this.#leg(agentId, 'joined')) ?? (await this.#leg(agentId, 'accepted'));
        if (!legId) return;
        const { call_id: callId } = await world.leg(legId);
        await endCall(db, { callId, by: { role: 'agent', agentId } });
        return;
      }
      case 'cancel':
        if (visitor) await endCall(db, { callId: visitor.callId, by: { role: 'visitor' } });
        return;
      case 'wrap-up': {
        const legId = await this.#leg(agentId, 'left');
        if (legId) await finishWrapUp(db, { legId, agentId });
        return;
      }
      case 'status':
        return setStatus(db, { agentId, status: step.status });
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

  /** Moves the times of everything but offers 61 s into the past. */
  async #letTimePass(): Promise<void> {
    const { db } = this.world;
    const ago = `- interval '61 seconds'`;
    await db.query(`update calls set enter_by = enter_by ${ago}, visitor_gone_at = visitor_gone_at ${ago}
                     where state <> 'ended'`);
    await db.query(`update agents set gone_at = gone_at ${ago}`);
    await db.query(`update legs set deadline = case when state = 'offered' then deadline else deadline ${ago} end,
                                    wrap_up_until = wrap_up_until ${ago}, closed_at = closed_at ${ago}`);
  }

  /** The agent's oldest leg in this state. */
  async #leg(agentId: string, state: string): Promise<string | undefined> {
    const { rows } = await this.world.db.query<{ id: string }>(
      'select id from legs where agent_id = $1 and state = $2 order by offered_at, id limit 1',
      [agentId, state],
    );
    return rows[0]?.id;
  }

  async #agentParticipants(agentId: string): Promise<{ room: number; participant: string }[]> {
    const { rows } = await this.world.db.query<{ room: number; participant: string }>(
      `select p.room, p.id as participant
         from participants p join rooms r on r.number = p.room join legs l on l.id = p.leg_id
        where l.agent_id = $1 and p.left_at is null and r.closed_at is null`,
      [agentId],
    );
    return rows;
  }

  async #visitorParticipant(
    callId: string,
  ): Promise<{ room: number; participant: string } | undefined> {
    const { rows } = await this.world.db.query<{ room: number; participant: string }>(
      `select p.room, p.id as participant from participants p join calls c on c.room = p.room
        where c.id = $1 and c.ended_at is null and p.role = 'visitor' and p.left_at is null`,
      [callId],
    );
    return rows[0];
  }
}
