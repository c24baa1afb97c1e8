import type { Facts } from './facts.ts';
import type { Breach } from './history.ts';

/** An acknowledged request stays: in the tables, and in every view of the visitor who comes back for it. */
export function* nothingLost(facts: Facts): Iterable<Breach> {
  const promise = 'no call is lost';
  const stored = new Set(facts.record.calls.map(({ id }) => id));
  const callOf = new Map<string, { readonly id: string; readonly since: number }>();
  for (const { who, done } of facts.done('request-call')) {
    const { callId } = done.value;
    const before = callOf.get(who);
    if (!stored.has(callId)) {
      yield { promise, evidence: `call ${callId} of ${who} was acknowledged, and is not stored` };
    }
    if (before && before.id !== callId) {
      yield { promise, evidence: `${who} asked again and got ${callId} instead of ${before.id}` };
    }
    callOf.set(who, before ?? { id: callId, since: done.at });
  }

  const hellos = new Map(facts.of('hello-sent').map((event) => [event.socket, event]));
  const ended = new Map<string, string>();
  for (const { who, socket, at, view } of facts.seenByVisitors) {
    const call = callOf.get(who);
    const hello = hellos.get(socket);
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

/** Far longer than any result takes if nothing is broken; in ms. */
const ANSWERED_WITHIN_MS = 30_000;

/** After the repair every client behaves well: every call has ended, and every command was answered. */
export function* nothingHangs(facts: Facts): Iterable<Breach> {
  const promise = 'nobody waits for ever';
  for (const { id, state } of facts.record.calls) {
    if (state !== 'ended') yield { promise, evidence: `${id} is still ${state}` };
  }
  const [repaired] = facts.of('repaired');
  if (!repaired) return;
  const last = Math.max(...facts.events.map(({ at }) => at));
  const answered = new Set(facts.of('result-received').map(({ who, id }) => `${who}/${id}`));
  const closed = new Set(facts.of('socket-closed').map(({ socket }) => socket));
  for (const { who, id, socket, at, body } of facts.of('command-sent')) {
    if (at < repaired.at || last - at < ANSWERED_WITHIN_MS || closed.has(socket)) continue;
    if (!answered.has(`${who}/${id}`)) {
      yield { promise, evidence: `${body.type} of ${who} was never answered` };
    }
  }
}
