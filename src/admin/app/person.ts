import type { AgentRole } from '../../protocol/agent-view.ts';

/** Who is signed in at the console. */
export interface Person {
  readonly id: string;
  readonly site: string;
  readonly username: string;
  readonly name: string;
  readonly role: AgentRole;
}
