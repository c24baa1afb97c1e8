import { activeLeg, offeredLeg } from '../../support/agent-legs.ts';
import { groupBy, type Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'a call has one owner at a time';

/** An agent who has lost a call can do nothing more in it from the moment in which another agent has it. */
export function* oneOwner(facts: Facts): Iterable<Breach> {
  yield* acceptsAreStored(facts);
  yield* ownersInTurn(facts);
  yield* formerOwnersShutOut(facts);
  yield* formerParticipantsLeft(facts);
  yield* oneAgentInEachRoom(facts);
}

/** An acknowledged accept is in the tables, as this agent's leg. */
function* acceptsAreStored(facts: Facts): Iterable<Breach> {
  const legs = new Map(facts.record.legs.map((leg) => [leg.id, leg]));
  for (const { who, body, done } of facts.done('accept-offer')) {
    const leg = legs.get(body.legId);
    const stored =
      leg !== undefined &&
      leg.acceptedAt !== null &&
      leg.callId === done.value.callId &&
      done.value.legId === body.legId &&
      facts.agentName(leg.agentId) === who;
    if (!stored) {
      yield {
        promise,
        evidence: `${who} accepted ${body.legId}, which is ${leg?.state}, of ${facts.agentName(leg?.agentId ?? null)}`,
      };
    }
  }
}

/** In the events: an agent gets a call by an offer, and another agent only after the call was queued again. */
function* ownersInTurn(facts: Facts): Iterable<Breach> {
  for (const [callId, events] of facts.callEvents()) {
    let before = 'nothing';
    let leg: string | null = null;
    for (const event of events) {
      const { type, sequence, legId } = event;
      if (type === 'media-fell-back') continue;
      const freed = type === 'queued' || type === 'ended';
      const sameLeg = freed || leg === null || legId === null || legId === leg;
      if (!(NEXT[before] ?? []).includes(type) || !sameLeg) {
        yield {
          promise,
          evidence: `${callId}: ${type} (leg ${legId}) after ${before} (leg ${leg}) at event ${sequence}`,
        };
      }
      if (freed) leg = null;
      else if (type === 'offered') leg = legId;
      before = type;
    }
  }
}

const OFFER_ENDS = ['offer-declined', 'offer-missed', 'offer-withdrawn'];

/** The events that may follow each event, in a call with one agent after the other. */
const NEXT: Readonly<Record<string, readonly string[]>> = {
  nothing: ['created'],
  created: ['queued'],
  queued: ['offered', 'ended'],
  offered: ['accepted', ...OFFER_ENDS, 'ended'],
  accepted: ['ready', 'offer-withdrawn', 'ended'],
  ready: ['connected', 'offer-withdrawn', 'ended'],
  connected: ['ended'],
  'offer-declined': ['queued'],
  'offer-missed': ['queued'],
  'offer-withdrawn': ['queued'],
};

function* formerOwnersShutOut(facts: Facts): Iterable<Breach> {
  const accepts = facts.done('accept-offer');
  const hellos = new Map(facts.of('hello-sent').map((event) => [event.socket, event.at]));
  for (const former of accepts) {
    const { callId, room } = former.done.value;
    const next = accepts.find(
      (other) =>
        other.who !== former.who &&
        other.done.value.callId === callId &&
        other.firstSent > former.done.at,
    );
    if (!next) continue;
    const lostAt = next.done.at;
    for (const type of ['enter-room', 'chat-send'] as const) {
      for (const { who, body, firstSent } of facts.done(type)) {
        if (who === former.who && body.room === room && firstSent > lostAt) {
          yield {
            promise,
            evidence: `${type} of ${who} was accepted in ${room}, though ${next.who} had the call`,
          };
        }
      }
    }
    const again = facts
      .commands('accept-offer')
      .find(({ who, firstSent }) => who === former.who && firstSent > lostAt);
    for (const { who, socket, at, view } of facts.seenByAgents) {
      const isNewSocket = who === former.who && (hellos.get(socket) ?? 0) > lostAt;
      const shown = activeLeg(view)?.call.id === callId;
      if (isNewSocket && shown && !(again && again.firstSent < at)) {
        yield {
          promise,
          evidence: `${who} came back and was shown ${callId}, which ${next.who} had`,
        };
      }
    }
  }
}

/**
 * In the tables: each accept makes a room. Every participant of it has left when the next agent accepts, or when the
 * call has ended.
 */
function* formerParticipantsLeft(facts: Facts): Iterable<Breach> {
  const participants = groupBy(facts.record.participants, ({ callId }) => callId);
  for (const [callId, events] of facts.callEvents()) {
    const accepts = events.filter(({ type }) => type === 'accepted');
    const rooms = [...groupBy(participants.get(callId) ?? [], ({ room }) => room).values()].sort(
      (a, b) => firstIssued(a) - firstIssued(b),
    );
    const hasEnded = events.at(-1)?.type === 'ended';
    for (const [turn, room] of rooms.entries()) {
      const deadline = accepts[turn + 1]?.at ?? (hasEnded ? Infinity : null);
      if (deadline === null) continue;
      for (const { id, role, room: number, leftAt } of room) {
        if (leftAt !== null && leftAt <= deadline) continue;
        yield { promise, evidence: `participant ${id} (${role}) never left room ${number}` };
      }
    }
  }
}

const firstIssued = (participants: readonly { readonly issuedAt: number }[]): number =>
  Math.min(...participants.map(({ issuedAt }) => issuedAt));

function* oneAgentInEachRoom(facts: Facts): Iterable<Breach> {
  const seen = [
    ...facts.seenByVisitors.map(({ who, view }) => ({ who, rooms: view.call?.rooms ?? [] })),
    ...facts.seenByAgents.map(({ who, view }) => {
      const leg = activeLeg(view) ?? offeredLeg(view);
      return { who, rooms: leg?.rooms ?? [] };
    }),
  ];
  for (const { who, rooms } of seen) {
    for (const { number, participants } of rooms) {
      const agents = participants.filter(({ role }) => role === 'agent').length;
      if (agents > 1) yield { promise, evidence: `${who} saw ${agents} agents in room ${number}` };
    }
  }
}
