import { limits } from '../../../src/protocol/limits.ts';
import type { Facts } from './facts.ts';
import type { Breach, Transition } from './history.ts';

/** Between the recorder's clock and the database's, and for what is under way; in ms. */
const SLACK = 2_000;

/** A call ends, and is taken from an agent, for a cause that can be seen from outside, and for no other. */
export function* endsExplained(facts: Facts): Iterable<Breach> {
  const promise = 'nobody loses a call without a cause';
  for (const [callId, steps] of facts.steps()) {
    for (const [index, step] of steps.entries()) {
      const before = steps[index - 1];
      if (!before || isExplained(facts, step, before)) continue;
      yield {
        promise,
        evidence: `${callId} went from ${step.from} to ${step.to} (${step.reason}), and nothing had happened`,
      };
    }
  }
}

function isExplained(facts: Facts, step: Transition, before: Transition): boolean {
  const held = step.at - before.at;
  switch (step.reason) {
    case 'cancelled':
    case 'visitor-ended':
      return facts
        .asked('end-call')
        .some(({ who, body }) => body.callId === step.callId && isVisitor(who));
    case 'agent-ended':
      return facts
        .asked('end-call')
        .some(
          ({ who, body }) => body.callId === step.callId && who === facts.agentName(step.agentId),
        );
    case 'abandoned':
    case 'visitor-gone':
      return wasGone(facts, visitorOf(facts, step.callId), step.at, limits.visitorGrace);
    case 'media-failed':
      return held >= MEDIA_FAILS_AFTER - SLACK;
    case 'agent-gone':
      return wasGone(
        facts,
        facts.agentName(step.agentId ?? before.agentId),
        step.at,
        step.to === 'ended' ? limits.agentGrace : 0,
      );
    case 'declined':
      return facts.asked('decline-offer').some(({ who }) => who === facts.agentName(step.agentId));
    case 'missed':
      return held >= facts.record.offerSeconds * 1_000 - SLACK;
    case 'room-not-entered':
      return held >= limits.enterRoom - SLACK;
    case 'agent-unavailable':
      return facts.asked('set-status').some(({ who }) => who === facts.agentName(step.agentId));
    default:
      return true;
  }
}

/** A visitor who is there and does not enter: `timeouts.enterVisitor` of the server, in ms. */
const MEDIA_FAILS_AFTER = 60_000;

const isVisitor = (who: string): boolean => who.startsWith('visitor');

function visitorOf(facts: Facts, callId: string): string {
  return facts.done('request-call').find(({ done }) => done.value.callId === callId)?.who ?? '';
}

/**
 * Whether this person had been away for `grace` when it happened. With a node that was killed, stopped or cut
 * off in between, their socket may have looked alive to them for a while: any trouble counts where no grace is given.
 */
function wasGone(facts: Facts, who: string, at: number, grace: number): boolean {
  // One whose request was never acknowledged is known by no name here.
  if (who === '') return true;
  if (grace === 0 && facts.of('troubled').some((trouble) => trouble.at < at + SLACK)) return true;
  return facts.absences(who).some(({ from, to }) => from + grace - SLACK <= at && to >= at - SLACK);
}
