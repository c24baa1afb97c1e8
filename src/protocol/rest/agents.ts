import { Type } from '@sinclair/typebox';
import { AgentRole } from '../agent-view.ts';
import { closed, Nullable, OneOf, Slug, Uuid, type Shape } from '../schema.ts';
import { AgentName, AgentUsername } from './fields.ts';
import { page, PageQuery, SearchText, sortBy } from './paging.ts';

export const Level = Type.Integer({ minimum: 1, maximum: 5, description: '1 is the best.' });
const Time = Type.Number({ description: 'Ms since 1970.' });

/** An agent's membership in a skill group. */
const Membership = closed({ id: Slug, level: Level });
const Memberships = Type.Array(Membership, { maxItems: 200 });

export const AgentAccount = closed({
  id: Uuid,
  username: Type.String(),
  name: Type.String(),
  role: AgentRole,
  groups: Memberships,
  disabled: Type.Boolean(),
  /** Whether the agent can sign in with a password. Without one the agent comes with a JWT of the site's backend. */
  password: Type.Boolean(),
  secondFactor: Type.Boolean(),
  linkExpiresAt: Type.Union([Time, Type.Null()], {
    description: 'Until when an unused password link is valid; null: there is none.',
  }),
});
export type AgentAccount = Shape<typeof AgentAccount>;

export const AgentQuery = Type.Object({
  ...PageQuery,
  q: SearchText,
  role: Type.Optional(AgentRole),
  group: Type.Optional(Slug),
  state: Type.Optional(OneOf('enabled', 'disabled')),
  sort: sortBy('name', 'username', 'role'),
});
export const AgentPage = page(AgentAccount);
export type AgentPage = Shape<typeof AgentPage>;

export const NewAgent = closed({
  username: AgentUsername,
  name: AgentName,
  role: Type.Optional(AgentRole),
  groups: Type.Optional(Memberships),
  link: Type.Optional(
    Type.Boolean({ default: true, description: 'Make a password link for the agent.' }),
  ),
});
export type NewAgent = Shape<typeof NewAgent>;

/** A link by which an agent chooses a password, once. It is shown here and nowhere else. */
export const PasswordLink = closed({ link: Type.String(), expiresAt: Time });
export type PasswordLink = Shape<typeof PasswordLink>;

export const MadeAgent = closed({ agent: AgentAccount, passwordLink: Nullable(PasswordLink) });
export type MadeAgent = Shape<typeof MadeAgent>;

export const AgentChange = closed({
  name: Type.Optional(AgentName),
  role: Type.Optional(AgentRole),
  groups: Type.Optional(Memberships),
  disabled: Type.Optional(Type.Boolean()),
});
export type AgentChange = Shape<typeof AgentChange>;

/** The agent's password and sessions end at once. */
export const PasswordLinkOrder = closed({
  removeSecondFactor: Type.Optional(Type.Boolean({ default: false })),
});
