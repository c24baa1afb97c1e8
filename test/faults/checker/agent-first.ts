import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'the agent is in the room before the visitor hears of it';

/** No view of a visitor holds the room, a ticket or the agent’s name before an agent said to have entered. */
export function* agentFirst(facts: Facts): Iterable<Breach> {
  const agents = new Set(facts.record.agents.map(({ who }) => who));
  const entered = new Map<number, number>();
  for (const { who, body, firstSent } of facts.asked('enter-room')) {
    if (!agents.has(who)) continue;
    entered.set(body.room, Math.min(firstSent, entered.get(body.room) ?? Infinity));
  }
  const rooms = new Set(facts.record.joins.map(({ room }) => room));
  for (const { who, at, view } of facts.seenByVisitors) {
    const { call } = view;
    if (!call) continue;
    for (const room of numbersIn(call)) {
      if (!rooms.has(room) || (entered.get(room) ?? Infinity) < at) continue;
      yield { promise, evidence: `${who} was shown room ${room} at ${at}, with nobody in it` };
    }
    const early = call.state === 'queued' || call.state === 'ringing';
    if (early && (call.room || call.ticket || call.agentName)) {
      yield { promise, evidence: `${who} was shown a room or an agent while ${call.state}` };
    }
  }
  yield* joinsInOrder(facts);
}

/** In the tables: the visitor’s join of a room is made after an agent has entered it. */
function* joinsInOrder(facts: Facts): Iterable<Breach> {
  for (const { id, room, role, issuedAt } of facts.record.joins) {
    if (role !== 'visitor') continue;
    const agents = facts.record.joins.filter(
      (join) => join.room === room && join.role === 'agent' && join.enteredAt !== null,
    );
    if (agents.some(({ enteredAt }) => (enteredAt ?? Infinity) <= issuedAt)) continue;
    yield {
      promise,
      evidence: `the visitor’s join ${id} of room ${room} was made with no agent in it`,
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
