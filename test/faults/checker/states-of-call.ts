import type { CallEvent } from './history.ts';

/** The state that each type of event brings. */
const STATE_AFTER: Readonly<Record<string, string>> = {
  queued: 'queued',
  offered: 'offered',
  accepted: 'accepted',
  ready: 'ready',
  connected: 'connected',
  ended: 'ended',
};

/**
 * The state of a call at each epoch, by its events in their order. An event is one change of the call, except that
 * `created` comes with the first `queued`, and the end of an offer comes with the `queued` after it.
 */
export function statesOfCall(events: readonly CallEvent[]): string[] {
  const states: string[] = [];
  for (const [index, { type }] of events.entries()) {
    if (events[index + 1]?.type === 'queued') continue;
    states.push(STATE_AFTER[type] ?? states.at(-1) ?? 'nothing');
  }
  return states;
}
