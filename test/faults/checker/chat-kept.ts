import { groupBy, type Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'an acknowledged message is there once, and in order';

/** For the sender, for the others in the room, and in the tables. */
export function* chatKept(facts: Facts): Iterable<Breach> {
  yield* storedOnce(facts);
  yield* storedInOrder(facts);
  yield* deliveredInOrder(facts);
  yield* historyComplete(facts);
}

function* storedOnce(facts: Facts): Iterable<Breach> {
  const rooms = groupBy(facts.record.messages, ({ room }) => room);
  for (const [room, messages] of rooms) {
    const sequences = messages.map(({ sequence }) => sequence).sort((a, b) => a - b);
    if (!sequences.every((sequence, index) => sequence === index + 1)) {
      yield { promise, evidence: `room ${room} has the sequences ${sequences.join(', ')}` };
    }
  }
  for (const { who, body, done } of facts.done('chat-send')) {
    const stored = (rooms.get(body.room) ?? []).filter(({ id }) => id === body.messageId);
    if (stored.length !== 1 || stored[0]?.sequence !== done.value.sequence) {
      yield {
        promise,
        evidence: `${body.messageId} of ${who} was acknowledged as ${done.value.sequence} and is stored ${stored.length} times`,
      };
    }
  }
}

/** A message that was acknowledged before another was sent has the lower sequence. */
function* storedInOrder(facts: Facts): Iterable<Breach> {
  for (const [room, sent] of groupBy(facts.done('chat-send'), ({ body }) => body.room)) {
    for (const first of sent) {
      for (const second of sent) {
        const swapped =
          first.done.at < second.firstSent &&
          first.done.value.sequence >= second.done.value.sequence;
        if (!swapped) continue;
        yield {
          promise,
          evidence: `room ${room}: ${first.body.messageId} was sent first, and has the higher sequence`,
        };
      }
    }
  }
}

/** Over one socket the messages of a room come without a gap, none twice, and as they are stored. */
function* deliveredInOrder(facts: Facts): Iterable<Breach> {
  const stored = new Map(
    facts.record.messages.map(({ room, sequence, id }) => [`${room}/${sequence}`, id]),
  );
  const last = new Map<string, number>();
  for (const { who, socket, room, messages } of facts.of('chat-received')) {
    for (const { sequence, id } of messages) {
      const before = last.get(`${socket}/${room}`);
      if (before !== undefined && sequence !== before + 1) {
        yield { promise, evidence: `${who} got ${sequence} after ${before} in room ${room}` };
      }
      last.set(`${socket}/${room}`, sequence);
      if (stored.get(`${room}/${sequence}`) !== id) {
        yield {
          promise,
          evidence: `${who} got ${id} as ${sequence} of room ${room}, which is another message`,
        };
      }
    }
  }
}

/** The answer to `chat-history` has every message of its range. */
function* historyComplete(facts: Facts): Iterable<Breach> {
  const rooms = groupBy(facts.record.messages, ({ room }) => room);
  for (const { who, body, firstSent, done } of facts.done('chat-history')) {
    const answered = new Set(done.value.messages.map(({ id }) => id));
    const through = done.value.messages.at(-1)?.sequence ?? Infinity;
    for (const message of facts.done('chat-send')) {
      const due =
        message.body.room === body.room &&
        message.done.at < firstSent &&
        message.done.value.sequence > body.after &&
        message.done.value.sequence <= through;
      if (due && !answered.has(message.body.messageId)) {
        yield {
          promise,
          evidence: `the history of ${who} lacks ${message.body.messageId} of ${body.room}`,
        };
      }
    }
    const order = done.value.messages.map(({ sequence }) => sequence);
    const expected = (rooms.get(body.room) ?? [])
      .map(({ sequence }) => sequence)
      .filter((sequence) => sequence > body.after && sequence <= (order.at(-1) ?? 0))
      .sort((a, b) => a - b);
    if (order.join() !== expected.join()) {
      yield {
        promise,
        evidence: `the history of ${who} has ${order.join()} of ${body.room} instead of ${expected.join()}`,
      };
    }
  }
}
