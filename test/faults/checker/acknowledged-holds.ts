import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';

const promise = 'what was acknowledged holds';
/** Between the recorder's clock and the database's; in ms. */
const SLACK = 2_000;

/** The rest of the commands: an end, a status, a decline, an entering that were acknowledged have come about. */
export function* acknowledgedHolds(facts: Facts): Iterable<Breach> {
  const ends = new Map(
    facts.record.transitions
      .filter(({ to }) => to === 'ended')
      .map(({ callId, at }) => [callId, at]),
  );
  const greeted = new Map(facts.of('greeted').map((event) => [event.socket, event.at]));
  for (const { who, body, done } of facts.done('end-call')) {
    if ((ends.get(body.callId) ?? Infinity) > done.at + SLACK) {
      yield { promise, evidence: `${who} ended ${body.callId}, which went on` };
    }
    for (const { view, socket } of facts.seenByVisitors) {
      const later = (greeted.get(socket) ?? 0) > done.at;
      if (later && view.call?.id === body.callId && view.call.state !== 'ended') {
        yield {
          promise,
          evidence: `${body.callId} had ended, and was shown as ${view.call.state}`,
        };
      }
    }
  }

  const offers = new Map(facts.record.offers.map((offer) => [offer.id, offer]));
  for (const { who, body } of facts.done('decline-offer')) {
    const state = offers.get(body.offerId)?.state;
    if (state !== 'declined')
      yield { promise, evidence: `${who} declined an offer that is ${state}` };
  }

  const joins = new Map(facts.record.joins.map((join) => [join.id, join]));
  for (const { who, body } of facts.done('enter-room')) {
    const join = joins.get(body.participant);
    if (join?.room !== body.room || join.enteredAt === null) {
      yield { promise, evidence: `${who} entered ${body.room}, and was never there` };
    }
  }
  yield* statusKept(facts, greeted);
}

/** The status that an agent chose last is the one shown after the next hello, unless offers were missed. */
function* statusKept(facts: Facts, greeted: ReadonlyMap<number, number>): Iterable<Breach> {
  const choices = facts.asked('set-status');
  for (const choice of facts.done('set-status')) {
    const { who, body, done } = choice;
    const other = choices.find(
      (next) => next !== choice && next.who === who && next.firstSent > choice.firstSent,
    );
    const undecided = choices.some(
      (before) =>
        before !== choice &&
        before.who === who &&
        before.firstSent <= done.at &&
        (before.done === null || before.done.at >= choice.firstSent),
    );
    if (undecided) continue;
    for (const { socket, at, view, ...seen } of facts.seenByAgents) {
      if (seen.who !== who || (greeted.get(socket) ?? 0) <= done.at) continue;
      if (other && other.firstSent <= at) break;
      const away = body.status === 'available' && view.chosen === 'away';
      if (view.chosen !== body.status && !away) {
        yield { promise, evidence: `${who} chose ${body.status}, and was shown ${view.chosen}` };
      }
    }
  }
}
