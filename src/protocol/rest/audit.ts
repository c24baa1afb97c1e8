import { Type } from '@sinclair/typebox';
import { closed, described, Nullable, OneOf, type Shape, Uuid } from '../schema.ts';
import { page, PageQuery } from './paging.ts';

/** What the security log tells of. The same list as the check of the table `audit`. */
export const AUDIT_TYPES = [
  'signed-in',
  'sign-in-failed',
  'signed-out',
  'password-changed',
  'password-reset',
  'second-factor-added',
  'second-factor-removed',
  'recovery-codes-made',
  'recovery-code-used',
  'agent-disabled',
  'agent-enabled',
  'secret-rotated',
  'provisioned',
  'configuration-changed',
  'record-read',
  'recording-read',
  'link-made',
  'link-revoked',
  'message-deleted',
  'legal-hold-set',
  'legal-hold-lifted',
  'erasure-ordered',
  'erased',
  'backed-up',
  'restored',
] as const;
export const AuditType = OneOf(...AUDIT_TYPES);
export type AuditType = (typeof AUDIT_TYPES)[number];

export const AuditRow = closed({
  sequence: Type.Integer(),
  at: Type.Number({ description: 'Ms since 1970.' }),
  type: AuditType,
  actor: closed({
    kind: OneOf('agent', 'operator', 'backend', 'system', 'visitor', 'unknown'),
    id: Type.Union([Uuid, Type.Null()], { description: 'Of the agent.' }),
    name: Type.Union([Type.String(), Type.Null()], {
      description: 'The agent’s username, the operator, or the `sub` of the API token.',
    }),
  }),
  address: Nullable(Type.String()),
  subject: Type.Union([Type.String(), Type.Null()], {
    description: 'For example `agent:<id>`, `group:<id>`, `hours:<id>`; null: the site itself.',
  }),
  subjectName: Type.Union([Type.String(), Type.Null()], {
    description: 'The username where the subject is an agent.',
  }),
  before: Nullable(Type.Unknown()),
  after: Nullable(Type.Unknown()),
});
export type AuditRow = Shape<typeof AuditRow>;

const Time = Type.Optional(Type.Integer({ minimum: 0, maximum: 8.64e15 }));
/** The newest come first. */
export const AuditQuery = Type.Object({
  ...PageQuery,
  from: Time,
  to: Time,
  type: Type.Optional(AuditType),
  agent: Type.Optional(described(Uuid, 'Who did it.')),
  subject: Type.Optional(Type.String({ maxLength: 200, pattern: '^[^\\u0000]*$' })),
});
export const AuditPage = page(AuditRow);
export type AuditPage = Shape<typeof AuditPage>;
