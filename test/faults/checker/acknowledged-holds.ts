import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'what was acknowledged holds';
/** The clocks of recorder and database differ; in ms. */
const TOLERANCE_MS = 2_000;

/** The commands that no other rule covers: their acknowledged effect is in the tables and in later views. */
export function* acknowledgedHolds(facts: Facts): Iterable<Breach> {
  const hellos = new Map(facts.of('hello-sent').map((event) => [event.socket, event.at]));
  yield* endsHold(facts, hellos);

  const legs = new Map(facts.record.legs.map((leg) => [leg.id, leg]));
  for (const [type, wanted] of [
    ['decline-offer', 'declined'],
    ['finish-wrap-up', 'closed'],
  ] as const) {
    for (const { who, body } of facts.done(type)) {
      const state = legs.get(body.legId)?.state;
      if (state !== wanted) {
        yield { promise, evidence: `${type} of ${who} was acknowledged, and the leg is ${state}` };
      }
    }
  }

  const participants = new Map(facts.record.participants.map((one) => [one.id, one]));
  for (const { who, body } of facts.done('enter-room')) {
    const participant = participants.get(body.participant);
    if (participant?.room !== body.room || participant.enteredAt === null) {
      yield { promise, evidence: `${who} entered ${body.room}, and the tables do not say so` };
    }
  }
  yield* statusKept(facts, hellos);
}

function* endsHold(facts: Facts, hellos: ReadonlyMap<number, number>): Iterable<Breach> {
  const ends = new Map(
    facts.record.callEvents
      .filter(({ type }) => type === 'ended')
      .map(({ callId, at }) => [callId, at]),
  );
  for (const { who, body, done } of facts.done('end-call')) {
    if ((ends.get(body.callId) ?? Infinity) > done.at + TOLERANCE_MS) {
      yield { promise, evidence: `${who} ended ${body.callId}, and it went on` };
    }
    for (const { view, socket } of facts.seenByVisitors) {
      const isLater = (hellos.get(socket) ?? 0) > done.at;
      if (isLater && view.call?.id === body.callId && view.call.state !== 'ended') {
        yield {
          promise,
          evidence: `${body.callId} had ended, and was shown as ${view.call.state}`,
        };
      }
    }
  }
}

/** The status that an agent chose last is shown after the next hello, unless offers were missed. */
function* statusKept(facts: Facts, hellos: ReadonlyMap<number, number>): Iterable<Breach> {
  const choices = facts.commands('set-status');
  for (const choice of facts.done('set-status')) {
    const { who, body, done } = choice;
    const later = choices.find(
      (other) => other !== choice && other.who === who && other.firstSent > choice.firstSent,
    );
    const overlaps = choices.some(
      (other) =>
        other !== choice &&
        other.who === who &&
        other.firstSent <= done.at &&
        (other.done === null || other.done.at >= choice.firstSent),
    );
    if (overlaps) continue;
    for (const { socket, at, view, ...seen } of facts.seenByAgents) {
      if (seen.who !== who || (hellos.get(socket) ?? 0) <= done.at) continue;
      if (later && later.firstSent <= at) break;
      const away = body.status === 'available' && view.chosen === 'away';
      if (view.chosen !== body.status && !away) {
        yield { promise, evidence: `${who} chose ${body.status}, and was shown ${view.chosen}` };
      }
    }
  }
}
