import { msg } from '@lit/localize';
import type { AgentRole } from '../../protocol/agent-view.ts';
import type { ConsoleSession } from '../../protocol/rest/console-session.ts';
import type { Option } from '../parts/fields.ts';

export function roleText(role: AgentRole): string {
  switch (role) {
    case 'agent':
      return msg('Agent');
    case 'supervisor':
      return msg('Supervisor');
    case 'admin':
      return msg('Admin');
    case 'owner':
      return msg('Owner');
  }
}

const ROLES = ['agent', 'supervisor', 'admin', 'owner'] as const;

/** All roles, for a filter. */
export const roleOptions = (): Option[] =>
  ROLES.map((role) => ({ value: role, label: roleText(role) }));

/** Whether the person may change somebody of this role: owners everybody, admins those below their own role. */
export const mayManage = ({ agent, may }: ConsoleSession, role: AgentRole): boolean =>
  may.agents === 'site' &&
  (agent.role === 'owner' || ROLES.indexOf(role) < ROLES.indexOf(agent.role));
