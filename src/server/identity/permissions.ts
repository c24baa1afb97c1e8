import type { AgentRole } from '../../protocol/agent-view.ts';
import type { Action, ApiScope, Permissions, Reach } from '../../protocol/rest/permissions.ts';
import { ACTIONS } from '../../protocol/rest/permissions.ts';

interface Rule {
  readonly agent: Reach;
  readonly supervisor: Reach;
  readonly admin: Reach;
  readonly owner: Reach;
  /** The scope that an API key needs. Null: no key may do it. */
  readonly scope: ApiScope | null;
}

/** Who may do what. The roles of the public contract, line by line. */
const RULES: Readonly<Record<Action, Rule>> = {
  records: rule('own', 'groups', 'site', 'site', 'calls:read'),
  recordings: rule('own', 'groups', 'site', 'site', 'recordings:read'),
  'recordings-export': rule('none', 'none', 'site', 'site', 'recordings:read'),
  'follow-ups': rule('none', 'groups', 'site', 'site', null),
  directory: rule('groups', 'groups', 'site', 'site', 'directory:read'),
  'agents-read': rule('none', 'groups', 'site', 'site', 'directory:read'),
  replies: rule('own', 'groups', 'site', 'site', null),
  routing: rule('none', 'groups', 'site', 'site', 'routing:write'),
  publish: rule('none', 'none', 'site', 'site', 'routing:write'),
  agents: rule('none', 'none', 'site', 'site', 'agents:write'),
  settings: rule('none', 'none', 'site', 'site', null),
  'api-keys': rule('none', 'none', 'site', 'site', null),
  configuration: rule('none', 'none', 'site', 'site', 'configuration:read'),
  'configuration-write': rule('none', 'none', 'none', 'site', null),
  retention: rule('none', 'none', 'none', 'site', null),
  erasure: rule('none', 'none', 'none', 'site', 'erasure:write'),
  audit: rule('none', 'none', 'site', 'site', 'audit:read'),
  reports: rule('none', 'groups', 'site', 'site', 'reports:read'),
  rooms: rule('none', 'none', 'none', 'none', 'rooms:write'),
};

function rule(
  agent: Reach,
  supervisor: Reach,
  admin: Reach,
  owner: Reach,
  scope: ApiScope | null,
): Rule {
  return { agent, supervisor, admin, owner, scope };
}

/** By what the caller came. */
export type Credential =
  | { readonly kind: 'session'; readonly role: AgentRole }
  | { readonly kind: 'api-key'; readonly scopes: readonly ApiScope[] }
  /** The site's backend, by a JWT. It may do everything. */
  | { readonly kind: 'backend' };

/** How far an action of this caller reaches. */
export function reachOf(credential: Credential, action: Action): Reach {
  if (credential.kind === 'backend') return 'site';
  const { scope, ...roles } = RULES[action];
  if (credential.kind === 'session') return roles[credential.role];
  return scope !== null && credential.scopes.includes(scope) ? 'site' : 'none';
}

export function permissionsOf(credential: Credential): Permissions {
  return Object.fromEntries(
    ACTIONS.map((action) => [action, reachOf(credential, action)]),
  ) as Permissions;
}

/** Whether somebody of this role may give an API key the scope: nobody gives more than they have. */
export function mayGiveScope(credential: Credential, scope: ApiScope): boolean {
  return ACTIONS.filter((action) => RULES[action].scope === scope).every(
    // A key reaches the whole site. No role may make rooms; who makes keys for the site's programs may let them.
    (action) => action === 'rooms' || reachOf(credential, action) === 'site',
  );
}

const RANK: readonly AgentRole[] = ['agent', 'supervisor', 'admin', 'owner'];

/** Whether this caller may change an agent of the role, or give it: the owner every role, others those below their own. */
export function mayChangeRole(credential: Credential, role: AgentRole): boolean {
  if (credential.kind === 'backend') return true;
  // A key of the scope `agents:write` may do what an admin may.
  const own = credential.kind === 'session' ? credential.role : 'admin';
  return own === 'owner' || RANK.indexOf(role) < RANK.indexOf(own);
}
