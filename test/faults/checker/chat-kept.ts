import { groupBy, type Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'an acknowledged message is there once, and in order';

/** For its sender, for everyone else in the room, and in the record. */
export function* chatKept(facts: Facts): Iterable<Breach> {
  yield* keptOnce(facts);
  yield* keptInOrder(facts);
  yield* deliveredInOrder(facts);
  yield* toldWhole(facts);
}

function* keptOnce(facts: Facts): Iterable<Breach> {
  const rooms = groupBy(facts.record.messages, ({ room }) => room);
  for (const [room, kept] of rooms) {
    const sequences = kept.map(({ sequence }) => sequence).sort((a, b) => a - b);
    if (!sequences.every((sequence, index) => sequence === index + 1)) {
      yield { promise, evidence: `room ${room} has the sequences ${sequences.join(', ')}` };
    }
  }
  for (const { who, body, done } of facts.done('chat-send')) {
    const kept = (rooms.get(body.room) ?? []).filter(({ id }) => id === body.messageId);
    if (kept.length !== 1 || kept[0]?.sequence !== done.value.sequence) {
      yield {
        promise,
        evidence: `${body.messageId} of ${who} was acknowledged as ${done.value.sequence} and is kept ${kept.length} times`,
      };
    }
  }
}

/** What was acknowledged before another one was sent stands before it. */
function* keptInOrder(facts: Facts): Iterable<Breach> {
  for (const [room, sent] of groupBy(facts.done('chat-send'), ({ body }) => body.room)) {
    for (const first of sent) {
      for (const second of sent) {
        const swapped =
          first.done.at < second.firstSent &&
          first.done.value.sequence >= second.done.value.sequence;
        if (!swapped) continue;
        yield {
          promise,
          evidence: `room ${room}: ${first.body.messageId} was first, and stands later`,
        };
      }
    }
  }
}

/** Over one socket the messages of a room come without a gap and none twice, and are those of the record. */
function* deliveredInOrder(facts: Facts): Iterable<Breach> {
  const kept = new Map(
    facts.record.messages.map(({ room, sequence, id }) => [`${room}/${sequence}`, id]),
  );
  const last = new Map<string, number>();
  for (const { who, socket, room, messages } of facts.of('heard')) {
    for (const { sequence, id } of messages) {
      const before = last.get(`${socket}/${room}`);
      if (before !== undefined && sequence !== before + 1) {
        yield { promise, evidence: `${who} heard ${sequence} after ${before} in room ${room}` };
      }
      last.set(`${socket}/${room}`, sequence);
      if (kept.get(`${room}/${sequence}`) !== id) {
        yield {
          promise,
          evidence: `${who} heard ${id} as ${sequence} of room ${room}, which is another`,
        };
      }
    }
  }
}

/** Who asked for all of it was told all of it, page after page. */
function* toldWhole(facts: Facts): Iterable<Breach> {
  const rooms = groupBy(facts.record.messages, ({ room }) => room);
  for (const { who, body, firstSent, done } of facts.done('chat-history')) {
    const told = new Set(done.value.messages.map(({ id }) => id));
    const through = done.value.messages.at(-1)?.sequence ?? Infinity;
    for (const message of facts.done('chat-send')) {
      const due =
        message.body.room === body.room &&
        message.done.at < firstSent &&
        message.done.value.sequence > body.after &&
        message.done.value.sequence <= through;
      if (due && !told.has(message.body.messageId)) {
        yield {
          promise,
          evidence: `${who} was not told ${message.body.messageId} of ${body.room}`,
        };
      }
    }
    const order = done.value.messages.map(({ sequence }) => sequence);
    const right = (rooms.get(body.room) ?? [])
      .map(({ sequence }) => sequence)
      .filter((sequence) => sequence > body.after && sequence <= (order.at(-1) ?? 0))
      .sort((a, b) => a - b);
    if (order.join() !== right.join()) {
      yield {
        promise,
        evidence: `${who} was told ${order.join()} of ${body.room} instead of ${right.join()}`,
      };
    }
  }
}
