import type { AgentView, LegView } from '../protocol/views.ts';

const firstLeg = ({ legs }: AgentView, ...states: readonly LegView['state'][]): LegView | null =>
  legs.find(({ state }) => states.includes(state)) ?? null;

/** The leg that is offered to this agent; null if there is none. */
export const offeredLeg = (view: AgentView): LegView | null => firstLeg(view, 'offered');

/** The offered leg in the tab where it rings; null in the agent's other tabs. */
export const ringingLeg = (view: AgentView): LegView | null =>
  view.activeTab ? offeredLeg(view) : null;

/** The leg that this agent has accepted and not left; null if there is none. */
export const activeLeg = (view: AgentView): LegView | null => firstLeg(view, 'accepted', 'joined');

/** The leg in wrap-up; null if there is none. */
export const wrapUpLeg = (view: AgentView): LegView | null => firstLeg(view, 'left');
