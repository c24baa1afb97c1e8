import { activeLeg, offeredLeg } from './agent-legs.ts';
import type { AgentClient, VisitorClient } from './protocol-client.ts';
import { accept, callFrom, deskOf, enter, type TestSite } from './signaling-server.ts';

/** The states of a live call, in their order. */
export const STATES = ['queued', 'offered', 'accepted', 'ready', 'connected'] as const;
export type State = (typeof STATES)[number];

/** What the visitor's view shows in each state. */
export const SHOWN = {
  queued: 'queued',
  offered: 'ringing',
  accepted: 'ringing',
  ready: 'ready',
  connected: 'connected',
} as const;

export interface CallInState {
  readonly visitor: VisitorClient;
  readonly desk: AgentClient;
  readonly resume: string;
  readonly callId: string;
}

/** Brings a call into a state. The agent is signed in in every state; while the call is queued, on a break. */
export async function callInState(url: string, site: TestSite, state: State): Promise<CallInState> {
  const desk = await deskOf(url, site.agents[0], state === 'queued' ? 'break' : 'available');
  const { visitor, resume, callId } = await callFrom(url, site);
  if (state !== 'queued') await desk.waitFor(offeredLeg);
  if (state === 'accepted' || state === 'ready' || state === 'connected') await accept(desk);
  if (state === 'ready' || state === 'connected') await enter(desk);
  if (state === 'connected') {
    await enter(visitor);
    await desk.waitFor((view) => activeLeg(view)?.call.state === 'connected');
  }
  // `ringing` covers two states: from `accepted` on the visitor has no place in the queue.
  const waits = state === 'queued' || state === 'offered';
  await visitor.waitFor(
    ({ call }) => call?.state === SHOWN[state] && (call.position !== null) === waits,
  );
  return { visitor, desk, resume, callId };
}
