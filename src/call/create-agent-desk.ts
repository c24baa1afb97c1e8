import type { AgentDeskControl } from './agent-desk-control.ts';
import { AgentDesk } from './agent/desk.ts';
import { defaultParts } from './compose.ts';

/** An agent's desk in one tab; `signIn` or `resume` begins. */
export function createAgentDesk(options: { readonly server: string }): AgentDeskControl {
  return new AgentDesk(options, defaultParts());
}
