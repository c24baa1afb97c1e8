import { groupBy, type Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'a call has one agent at a time';

/** Whoever lost a call can do nothing more in it from the moment on in which somebody else has it. */
export function* oneOwner(facts: Facts): Iterable<Breach> {
  yield* acknowledgedOnly(facts);
  yield* handedOverInOrder(facts);
  yield* formerOwnersShutOut(facts);
  yield* formerJoinsOver(facts);
  for (const { who, view } of [...facts.seenByVisitors, ...facts.seenByAgents]) {
    const present = view.call?.room?.participants.filter(({ role }) => role === 'agent') ?? [];
    if (present.length > 1) {
      yield {
        promise,
        evidence: `${who} saw ${present.length} agents in the room of ${view.call?.id}`,
      };
    }
  }
}

/** An acknowledged accept is in the tables, as this agent's. */
function* acknowledgedOnly(facts: Facts): Iterable<Breach> {
  const offers = new Map(facts.record.offers.map((offer) => [offer.id, offer]));
  for (const { who, body, done } of facts.done('accept-offer')) {
    const offer = offers.get(body.offerId);
    const right =
      offer?.state === 'accepted' &&
      offer.callId === done.value.callId &&
      facts.agentName(offer.agentId) === who;
    if (!right) {
      yield {
        promise,
        evidence: `${who} was told to have accepted ${body.offerId}, which is ${offer?.state} and ${facts.agentName(offer?.agentId ?? null)}’s`,
      };
    }
  }
}

/** In the record, an agent comes by a call through its offer, and another one only after it was queued again. */
function* handedOverInOrder(facts: Facts): Iterable<Breach> {
  for (const [callId, steps] of facts.steps()) {
    let owner: string | null = null;
    for (const { from, to, agentId, epoch } of steps) {
      const legal =
        (NEXT[from ?? 'nothing'] ?? []).includes(to) &&
        (to === 'queued' || to === 'ended' || owner === null || owner === agentId);
      if (!legal) {
        yield {
          promise,
          evidence: `${callId} went ${from} → ${to} at ${epoch}, ${owner} → ${agentId}`,
        };
      }
      owner = to === 'queued' || to === 'ended' ? null : agentId;
    }
  }
}

const NEXT: Readonly<Record<string, readonly string[]>> = {
  nothing: ['queued'],
  queued: ['offered', 'ended'],
  offered: ['accepted', 'queued', 'ended'],
  accepted: ['ready', 'queued', 'ended'],
  ready: ['connected', 'queued', 'ended'],
  connected: ['ended'],
};

function* formerOwnersShutOut(facts: Facts): Iterable<Breach> {
  const accepts = facts.done('accept-offer');
  const greeted = new Map(facts.of('greeted').map((event) => [event.socket, event.at]));
  for (const former of accepts) {
    const { callId, room } = former.done.value;
    const next = accepts.find(
      (other) =>
        other.who !== former.who &&
        other.done.value.callId === callId &&
        other.firstSent > former.done.at,
    );
    if (!next) continue;
    const over = next.done.at;
    for (const type of ['enter-room', 'chat-send'] as const) {
      for (const { who, body, firstSent } of facts.done(type)) {
        if (who === former.who && body.room === room && firstSent > over) {
          yield {
            promise,
            evidence: `${type} of ${who} was accepted in ${room}, though ${next.who} had the call`,
          };
        }
      }
    }
    const again = facts
      .asked('accept-offer')
      .find(({ who, firstSent }) => who === former.who && firstSent > over);
    for (const { who, socket, at, view } of facts.seenByAgents) {
      const fresh = who === former.who && (greeted.get(socket) ?? 0) > over;
      if (fresh && view.call?.id === callId && !(again && again.firstSent < at)) {
        yield {
          promise,
          evidence: `${who} came back and was shown ${callId}, which ${next.who} had`,
        };
      }
    }
  }
}

/** In the tables: of a call's rooms, one for each accept, every join is over when the next agent accepts, or it ends. */
function* formerJoinsOver(facts: Facts): Iterable<Breach> {
  const joins = groupBy(facts.record.joins, ({ callId }) => callId);
  for (const [callId, steps] of facts.steps()) {
    const accepts = steps.filter(({ to }) => to === 'accepted');
    const rooms = [...groupBy(joins.get(callId) ?? [], ({ room }) => room).values()].sort(
      (a, b) => firstOf(a) - firstOf(b),
    );
    const isOver = steps.at(-1)?.to === 'ended';
    for (const [turn, room] of rooms.entries()) {
      const until = accepts[turn + 1]?.at ?? (isOver ? Infinity : null);
      if (until === null) continue;
      for (const { id, role, room: number, leftAt } of room) {
        if (leftAt !== null && leftAt <= until) continue;
        yield { promise, evidence: `the join ${id} (${role}) of room ${number} was never over` };
      }
    }
  }
}

const firstOf = (joins: readonly { readonly issuedAt: number }[]): number =>
  Math.min(...joins.map(({ issuedAt }) => issuedAt));
