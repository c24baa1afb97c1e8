import { Type } from '@sinclair/typebox';
import { AgentRole } from '../agent-view.ts';
import { closed, described, type Shape, Slug, Uuid } from '../schema.ts';
import { AgentName, AgentUsername, NewPassword, SiteName, TimeZone } from './fields.ts';
import { Permissions } from './permissions.ts';

/** A code of the authenticator app, or a recovery code. */
export const SecondFactorCode = Type.String({
  pattern: '^(\\d{6}|[A-Za-z0-9]{5}-?[A-Za-z0-9]{5})$',
  description: 'Of the authenticator app: six digits; or a recovery code.',
});

/** Codes that stand in for the app, each once. They are shown here and nowhere else. */
export const RecoveryCodes = closed({ recoveryCodes: Type.Array(Type.String()) });
export type RecoveryCodes = Shape<typeof RecoveryCodes>;

/** Signs a supervisor, admin or owner in at the console. */
export const ConsoleSignIn = closed({
  site: Type.Optional(described(Slug, 'It may be left out if the server has one site.')),
  username: Type.String({ minLength: 1, maxLength: 64, pattern: '^[^\\u0000]*$' }),
  password: Type.String({ minLength: 1, maxLength: 256 }),
  code: Type.Optional(described(SecondFactorCode, 'It is asked for by `second-factor-needed`.')),
});
export type ConsoleSignIn = Shape<typeof ConsoleSignIn>;

export const ConsoleSession = closed({
  expiresAt: Type.Number({ description: 'Ms since 1970.' }),
  site: closed({ id: Slug, name: Type.String(), timeZone: Type.String() }),
  agent: closed({ id: Uuid, username: Type.String(), name: Type.String(), role: AgentRole }),
  groups: Type.Array(Slug, { description: 'The skill groups of which the agent is a member.' }),
  secondFactor: Type.Boolean({ description: 'Whether each sign-in needs a code.' }),
  recoveryCodes: Type.Integer({ description: 'Recovery codes that are not used yet.' }),
  may: Permissions,
});
export type ConsoleSession = Shape<typeof ConsoleSession>;

/** Makes the first site of an empty installation, and its owner. The code is from the link that the server prints. */
export const Setup = closed({
  code: Type.String({ minLength: 1, maxLength: 128 }),
  site: closed({ id: Slug, name: SiteName, timeZone: Type.Optional(TimeZone) }),
  owner: closed({ username: AgentUsername, name: AgentName, password: NewPassword }),
});
export type Setup = Shape<typeof Setup>;

/** The code of a password link. */
export const PasswordLinkCode = closed({ code: Type.String({ minLength: 1, maxLength: 128 }) });

/** Whom a password link is for. */
export const PasswordLinkAgent = closed({
  site: Slug,
  siteName: Type.String(),
  username: Type.String(),
  name: Type.String(),
  role: AgentRole,
  expiresAt: Type.Number({ description: 'Ms since 1970.' }),
});
export type PasswordLinkAgent = Shape<typeof PasswordLinkAgent>;

export const PasswordChoice = closed({
  code: Type.String({ minLength: 1, maxLength: 128 }),
  password: NewPassword,
});
