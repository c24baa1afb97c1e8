import type { AgentDeskControl } from './agent-desk-control.ts';
import { AgentDesk, type AgentDeskOptions } from './agent/desk.ts';
import { browserParts } from './compose.ts';

/** An agent's desk in one tab. It does nothing before `signIn` or `resume`. */
export function createAgentDesk(options: AgentDeskOptions): AgentDeskControl {
  return new AgentDesk(options, browserParts());
}
