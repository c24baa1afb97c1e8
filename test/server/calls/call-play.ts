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

/** `who` chooses among those who can take the step: legs in the order of their offers, agents, or the newest visitors. */
type Step =
  | { readonly do: PlainStep; readonly who: number }
  | {
      readonly do: 'status';
      readonly who: number;
      readonly status: 'available' | 'break' | 'offline';
    }
  /** The agent of a leg offers the call to another agent, or another agent monitors it. */
  | { readonly do: 'offer'; readonly who: number; readonly kind: Exclude<LegKind, 'first'> };

const who = fc.nat(2);
const plain = (weight: number, name: PlainStep): fc.WeightedArbitrary<Step> => ({
  weight,
  arbitrary: fc.record({ do: fc.constant(name), who }),
});

/** Ten to eighty steps. */
export const anyPlan: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    plain(7, 'request'),
    plain(10, 'match'),
    plain(3, 'sweep'),
    plain(12, 'accept'),
    plain(2, 'decline'),
    plain(2, 'miss'),
    plain(12, 'enter'),
    plain(10, 'visitor-enter'),
    plain(3, 'leave'),
    plain(2, 'end'),
    plain(1, 'cancel'),
    plain(3, 'wrap-up'),
    plain(1, 'agent-gone'),
    plain(3, 'agent-back'),
    plain(1, 'visitor-gone'),
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
      weight: 10,
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
  { minLength: 10, maxLength: 80, size: 'max' },
);

/** Three agents, visitors as they come, and what they do step by step. */
export class CallPlay {
  readonly #visitors: TestVisitor[] = [];

  private constructor(
    private readonly world: CallWorld,
    private readonly agents: { person: TestAgent; tab: string | null }[],
  ) {}

  /** With `connected` a visitor talks to the first agent already. */
  static async begin(world: CallWorld, connected: boolean): Promise<CallPlay> {
    const people = [
      await world.agent('Alice', ['sales']),
      await world.agent('Bob', ['sales', 'service']),
      await world.agent('Carol', ['service']),
    ];
    const play = new CallPlay(
      world,
      people.map((person) => ({ person, tab: person.tab })),
    );
    if (connected) {
      const visitor = await world.visitor({ skill: 'sales' });
      play.#visitors.push(visitor);
      await world.connected(visitor, people[0]!);
    }
    return play;
  }

  /** Does a step if it is possible. A step that comes too late is refused with `conflict`. */
  async take(step: Step): Promise<void> {
    try {
      await this.#do(step);
    } catch (error) {
      if ((error as { code?: string }).code !== 'conflict') throw error;
    }
  }

  /** All agents work from here on, until each call has ended. Rejects if one does not. */
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
    const visitor = this.#visitors[this.#visitors.length - 1 - step.who];
    if (!agent) throw new Error('no such agent');
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
        const leg = await this.#leg(step.who, 'offered');
        if (leg?.tab) await acceptOffer(db, { ...leg, connectionId: leg.tab });
        return;
      }
      case 'decline': {
        const leg = await this.#leg(step.who, 'offered');
        if (leg) await declineOffer(db, leg);
        return;
      }
      case 'miss': {
        const leg = await this.#leg(step.who, 'offered');
        if (leg) await db.query('update legs set deadline = now() where id = $1', [leg.legId]);
        return world.sweep();
      }
      case 'enter': {
        const leg = await this.#leg(step.who, 'accepted');
        const participant = leg && (await this.#agentParticipant(leg.legId));
        if (participant && leg.tab) await enterRoom(db, { ...participant, connectionId: leg.tab });
        return;
      }
      case 'visitor-enter': {
        const participant = await this.#visitorParticipant(step.who);
        if (participant) await enterRoom(db, participant);
        return;
      }
      case 'offer': {
        const leg = await this.#leg(step.who, 'joined');
        if (!leg) return;
        const others = this.agents.filter(({ person }) => person.id !== leg.agentId);
        await offerLeg(db, {
          callId: leg.callId,
          agentId: others[step.who % others.length]?.person.id ?? '',
          kind: step.kind,
          fromLegId: step.kind === 'monitor' ? null : leg.legId,
          reason: { code: 'transfer', params: { group: null, idleSeconds: null } },
        });
        return;
      }
      case 'leave': {
        const leg = await this.#leg(step.who, 'joined');
        if (leg) await leaveLeg(db, { legId: leg.legId, reason: 'transferred' });
        return;
      }
      case 'end': {
        const leg =
          (await this.#leg(step.who, 'joined')) ?? (await this.#leg(step.who, 'accepted'));
        if (!leg) return;
        await endCall(db, { callId: leg.callId, by: { role: 'agent', agentId: leg.agentId } });
        return;
      }
      case 'cancel':
        if (visitor) await endCall(db, { callId: visitor.callId, by: { role: 'visitor' } });
        return;
      case 'wrap-up': {
        const leg = await this.#leg(step.who, 'left');
        if (leg) await finishWrapUp(db, leg);
        return;
      }
      case 'status':
        return setStatus(db, { agentId: agent.person.id, status: step.status });
      case 'agent-gone':
        if (agent.tab) await closeConnection(db, agent.tab);
        agent.tab = null;
        return;
      case 'agent-back':
        agent.tab ??= await world.tab(agent.person.id);
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

  /** One of the legs in this state, with the tab of its agent. */
  async #leg(
    who: number,
    state: string,
  ): Promise<{ legId: string; callId: string; agentId: string; tab: string | null } | undefined> {
    const { rows } = await this.world.db.query<{ id: string; call_id: string; agent_id: string }>(
      'select id, call_id, agent_id from legs where state = $1 order by offered_at, id',
      [state],
    );
    const leg = rows[who % rows.length];
    if (!leg) return undefined;
    const { id: legId, call_id: callId, agent_id: agentId } = leg;
    const tab = this.agents.find(({ person }) => person.id === agentId)?.tab ?? null;
    return { legId, callId, agentId, tab };
  }

  async #agentParticipant(
    legId: string,
  ): Promise<{ room: number; participant: string } | undefined> {
    const { rows } = await this.world.db.query<{ room: number; participant: string }>(
      `select p.room, p.id as participant from participants p join rooms r on r.number = p.room
        where p.leg_id = $1 and p.left_at is null and r.closed_at is null`,
      [legId],
    );
    return rows[0];
  }

  /** One of the visitors who may enter a room, with the socket that the visitor came with. */
  async #visitorParticipant(
    who: number,
  ): Promise<{ room: number; participant: string; connectionId: string } | undefined> {
    const { rows } = await this.world.db.query<{
      call_id: string;
      room: number;
      participant: string;
    }>(
      `select c.id as call_id, p.room, p.id as participant
         from participants p join calls c on c.room = p.room
        where c.ended_at is null and p.role = 'visitor' and p.left_at is null
        order by c.requested_at, c.id`,
      [],
    );
    const row = rows[who % rows.length];
    const connectionId = this.#visitors.find(({ callId }) => callId === row?.call_id)?.connection;
    if (!row || connectionId === undefined) return undefined;
    return { room: row.room, participant: row.participant, connectionId };
  }
}
