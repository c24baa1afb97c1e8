import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'the agent is in the room before the visitor hears of it';

/** No view of a visitor has the room, a ticket or the agent's name before an agent sent that they have entered. */
export function* agentFirst(facts: Facts): Iterable<Breach> {
  const agents = new Set(facts.record.agents.map(({ who }) => who));
  const entered = new Map<number, number>();
  for (const { who, body, firstSent } of facts.commands('enter-room')) {
    if (!agents.has(who)) continue;
    entered.set(body.room, Math.min(firstSent, entered.get(body.room) ?? Infinity));
  }
  const rooms = new Set(facts.record.participants.map(({ room }) => room));
  for (const { who, at, view } of facts.seenByVisitors) {
    const { call } = view;
    if (!call) continue;
    for (const number of numbersIn(call)) {
      if (!rooms.has(number) || (entered.get(number) ?? Infinity) < at) continue;
      yield { promise, evidence: `${who} was shown room ${number} at ${at}, with no agent in it` };
    }
    const early = call.state === 'queued' || call.state === 'ringing';
    if (early && (call.rooms.length > 0 || call.agentName)) {
      yield { promise, evidence: `${who} was shown a room or an agent while ${call.state}` };
    }
  }
  yield* participantsInOrder(facts);
}

/** In the tables: a visitor's participant is made after an agent has entered the room. */
function* participantsInOrder(facts: Facts): Iterable<Breach> {
  for (const { id, room, role, issuedAt } of facts.record.participants) {
    if (role !== 'visitor') continue;
    const agentInside = facts.record.participants.some(
      (other) =>
        other.room === room && other.role === 'agent' && (other.enteredAt ?? Infinity) <= issuedAt,
    );
    if (agentInside) continue;
    yield {
      promise,
      evidence: `the visitor’s participant ${id} of room ${room} was made with no agent in it`,
    };
  }
}

/** Every number anywhere in a value. */
function* numbersIn(value: unknown): Iterable<number> {
  if (typeof value === 'number') yield value;
  else if (value !== null && typeof value === 'object') {
    for (const part of Object.values(value)) yield* numbersIn(part);
  }
}
