import type { AgentClient, VisitorClient } from './protocol-client.ts';
import { accept, callFrom, deskOf, enter, type TestSite } from './signaling-server.ts';

/** The states of a call that lives, in their order. */
export const STATES = ['queued', 'offered', 'accepted', 'ready', 'connected'] as const;
export type State = (typeof STATES)[number];

/** What the visitor is shown in each state. */
export const SHOWN = {
  queued: 'queued',
  offered: 'ringing',
  accepted: 'ringing',
  ready: 'ready',
  connected: 'connected',
} as const;

export interface Scene {
  readonly visitor: VisitorClient;
  readonly desk: AgentClient;
  readonly resume: string;
  readonly callId: string;
}

/** Leads a call into a state, with an agent who is there in all of them. */
export async function lead(url: string, site: TestSite, state: State): Promise<Scene> {
  const desk = await deskOf(url, site.agents[0], state === 'queued' ? 'break' : 'available');
  const { visitor, resume, callId } = await callFrom(url, site);
  if (state !== 'queued') await desk.waitFor(({ offer }) => offer);
  if (state === 'accepted' || state === 'ready' || state === 'connected') await accept(desk);
  if (state === 'ready' || state === 'connected') await enter(desk);
  if (state === 'connected') await enter(visitor);
  // It rings in two states; from `accepted` on there is no place in line any more.
  const inLine = state === 'queued' || state === 'offered';
  await visitor.waitFor(
    ({ call }) => call?.state === SHOWN[state] && (call.position !== null) === inLine,
  );
  return { visitor, desk, resume, callId };
}
