/** What a caller of the REST interface may do (server/identity/permissions.ts has the table by role). */
import { closed, OneOf, type Shape } from '../schema.ts';

export const ACTIONS = [
  /** Read calls, transcripts and notes. */
  'records',
  /** Play recordings. */
  'recordings',
  /** Save recordings as files. */
  'recordings-export',
  /** Delete messages and callbacks. */
  'follow-ups',
  /** Read groups, hours, dispositions and canned replies. */
  'directory',
  /** Read agents and the members of groups. */
  'agents-read',
  /** Make and change canned replies. */
  'replies',
  /** Change flows, hours, and the routing of groups. */
  'routing',
  /** Publish flows. */
  'publish',
  /** Make and change agents, their roles and their groups. Admins: those below their own role. */
  'agents',
  /** Change the site, its groups, dispositions and webhooks. */
  'settings',
  'api-keys',
  /** Read the configuration as one document. */
  'configuration',
  /** Write the configuration as one document. */
  'configuration-write',
  'retention',
  'erasure',
  'audit',
  'reports',
  /** Make rooms and tokens for guests. */
  'rooms',
] as const;
export const Action = OneOf(...ACTIONS);
export type Action = (typeof ACTIONS)[number];

/** How far an action reaches: not at all; what is one's own; one's own skill groups; the whole site. */
export const Reach = OneOf('none', 'own', 'groups', 'site');
export type Reach = Shape<typeof Reach>;

export const Permissions = closed(
  Object.fromEntries(ACTIONS.map((action) => [action, Reach])) as Record<Action, typeof Reach>,
);
export type Permissions = Shape<typeof Permissions>;

/** What an API key may be given. `erasure:write` is the owner's to give. */
export const API_SCOPES = [
  'calls:read',
  'recordings:read',
  'directory:read',
  'configuration:read',
  'routing:write',
  'agents:write',
  'rooms:write',
  'reports:read',
  'audit:read',
  'erasure:write',
] as const;
export const ApiScope = OneOf(...API_SCOPES);
export type ApiScope = (typeof API_SCOPES)[number];
