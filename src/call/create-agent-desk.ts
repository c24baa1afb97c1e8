import type { AgentDeskControl } from './agent-desk-control.ts';
import { AgentDesk } from './agent/desk.ts';
import { browserParts } from './compose.ts';

/** An agent's desk in one tab. It does nothing before `signIn` or `resume`. */
export function createAgentDesk(options: { readonly server: string }): AgentDeskControl {
  return new AgentDesk(options, browserParts());
}
