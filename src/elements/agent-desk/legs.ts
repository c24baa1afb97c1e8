import type { AgentView, LegView, Ticket } from '../../protocol/views.ts';

type State = LegView['state'];

const legIn = ({ legs }: AgentView, ...states: readonly State[]): LegView | null =>
  legs.find(({ state }) => states.includes(state)) ?? null;

/** The leg of the call that rings; null for none. */
export const offeredLeg = (view: AgentView): LegView | null => legIn(view, 'offered');

/** The leg of the call that this agent has accepted and not left; null for none. */
export const activeLeg = (view: AgentView): LegView | null => legIn(view, 'accepted', 'joined');

/** The leg that is being wrapped up; null for none. */
export const wrapUpLeg = (view: AgentView): LegView | null => legIn(view, 'left');

/** The ticket of the room that the visitor is in; null in a tab that is not the active one. */
export const callTicket = ({ rooms }: LegView): Ticket | null =>
  rooms.find(({ kind }) => kind === 'call')?.ticket ?? null;
