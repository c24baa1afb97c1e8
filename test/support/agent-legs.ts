import type { AgentView, LegView } from '../../src/protocol/views.ts';

/** The first leg of an agent's view in one of these states. */
const legIn = ({ legs }: AgentView, ...states: LegView['state'][]): LegView | undefined =>
  legs.find(({ state }) => states.includes(state));

/** The leg that rings. */
export const offeredLeg = (view: AgentView): LegView | undefined => legIn(view, 'offered');

/** The leg that the agent has accepted, and perhaps joined. */
export const activeLeg = (view: AgentView): LegView | undefined =>
  legIn(view, 'accepted', 'joined');

/** The leg in wrap-up. */
export const wrapUpLeg = (view: AgentView): LegView | undefined => legIn(view, 'left');
