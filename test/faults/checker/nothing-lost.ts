import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';

/** An acknowledged wish for help stays: in the tables, and in every view of who comes back for it. */
export function* nothingLost(facts: Facts): Iterable<Breach> {
  const promise = 'no call is lost';
  const kept = new Map(facts.record.calls.map((call) => [call.id, call]));
  const callOf = new Map<string, { readonly id: string; readonly since: number }>();
  for (const { who, done } of facts.done('request-call')) {
    const { callId } = done.value;
    const before = callOf.get(who);
    if (!kept.has(callId)) {
      yield { promise, evidence: `${who} was promised call ${callId}, which is nowhere` };
    }
    if (before && before.id !== callId) {
      yield { promise, evidence: `${who} asked again and got ${callId} instead of ${before.id}` };
    }
    callOf.set(who, before ?? { id: callId, since: done.at });
  }

  const greeted = new Map(facts.of('greeted').map((event) => [event.socket, event]));
  const ended = new Map<string, string>();
  for (const { who, socket, at, view } of facts.seenByVisitors) {
    const call = callOf.get(who);
    const hello = greeted.get(socket);
    if (call && hello?.resumes && hello.at > call.since && view.call?.id !== call.id) {
      yield { promise, evidence: `${who} came back for ${call.id} and was shown ${view.call?.id}` };
    }
    if (!view.call) continue;
    const reason = ended.get(view.call.id);
    if (reason !== undefined && view.call.ended?.reason !== reason) {
      yield {
        promise,
        evidence: `${view.call.id} had ended (${reason}), and is ${view.call.state} at ${at}`,
      };
    }
    if (view.call.ended) ended.set(view.call.id, view.call.ended.reason);
  }
}

/** After the faults every call is assigned or ended; everyone then behaved, so that all have ended. */
export function* nothingHangs(facts: Facts): Iterable<Breach> {
  const promise = 'nobody waits for ever';
  for (const { id, state } of facts.record.calls) {
    if (state !== 'ended') yield { promise, evidence: `${id} is still ${state}` };
  }
  const [calm] = facts.of('calmed');
  if (!calm) return;
  const last = Math.max(...facts.events.map(({ at }) => at));
  const answered = new Set(facts.of('answered').map(({ who, id }) => `${who}/${id}`));
  const lost = new Set(facts.of('lost').map(({ socket }) => socket));
  for (const { who, id, socket, at, body } of facts.of('sent')) {
    if (at < calm.at || last - at < PATIENCE || lost.has(socket)) continue;
    if (!answered.has(`${who}/${id}`)) {
      yield { promise, evidence: `${body.type} of ${who} was never answered` };
    }
  }
}

/** What is far longer than any answer takes where nothing is broken; in ms. */
const PATIENCE = 30_000;
