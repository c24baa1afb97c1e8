import { Type } from '@sinclair/typebox';
import { AgentRole } from '../agent-view.ts';
import { Flow } from '../flow.ts';
import { closed, Nullable, OneOf, Slug, type Shape } from '../schema.ts';
import { Level } from './agents.ts';
import { CannedReply } from './canned-replies.ts';
import { Dispositions } from './dispositions.ts';
import { AgentName, AgentUsername, HoursName, SiteName, GroupName } from './fields.ts';
import { schedule } from './hours.ts';
import { RetentionPeriods } from './retention.ts';
import { SiteSettings } from './site-settings.ts';
import { SkillGroup } from './skill-groups.ts';

const optional = <T extends Parameters<typeof Type.Partial>[0]>(schema: T) => Type.Partial(schema);

const HoursPart = closed({
  id: Slug,
  name: HoursName,
  ...optional(closed(schedule)).properties,
});

const { offerSeconds, wrapUpSeconds, dispositionRequired, priority, rules, hours, recording } =
  SkillGroup.properties;
const GroupPart = closed({
  id: Slug,
  name: GroupName,
  ...optional(
    closed({
      offerSeconds,
      wrapUpSeconds,
      dispositionRequired,
      priority,
      rules,
      hours,
      recording,
    }),
  ).properties,
});

/** A group of an agent: its id, or its id with the agent's level there. Default: level 1, the best. */
const Membership = Type.Union([Slug, closed({ id: Slug, level: Type.Optional(Level) })]);

const AgentPart = closed({
  username: AgentUsername,
  name: AgentName,
  role: Type.Optional(AgentRole),
  password: Type.Optional(
    Type.Union([Type.String({ minLength: 1, maxLength: 256 }), Type.Null()], {
      description:
        'At least 10 characters. Left out: it stays. Null: the agent comes with a JWT of the site’s backend only.',
    }),
  ),
  groups: Type.Array(Membership),
});

const { shortcut, language, text } = CannedReply.properties;
const ReplyPart = closed({
  scope: OneOf('group', 'site'),
  group: Type.Optional(Slug),
  shortcut,
  language: Type.Optional(language),
  text,
});

const Challenge = closed({
  ...SiteSettings.properties.challenge.anyOf[0].properties,
  secretKey: Type.Optional(
    Type.String({
      pattern: '^[\\w-]{1,100}$',
      description: 'Left out: the one that is stored. It is never read back.',
    }),
  ),
});

const settings = Type.Omit(SiteSettings, ['id', 'name', 'challenge']);

const FlowPart = closed({
  id: Slug,
  name: Type.String({ minLength: 1, maxLength: 80 }),
  document: Type.Unsafe<Flow>(Flow),
  default: Type.Optional(
    Type.Boolean({ description: 'Calls begin with it that name neither a flow nor a skill.' }),
  ),
});

/** All that is configured for a site: a site of the provision file. */
export const SiteConfiguration = closed({
  id: Slug,
  name: SiteName,
  ...optional(settings).properties,
  challenge: Type.Optional(Nullable(Challenge)),
  retention: Type.Optional(
    Type.Partial(RetentionPeriods, {
      additionalProperties: false,
      description: 'A period that is left out stays.',
    }),
  ),
  hours: Type.Optional(
    Type.Array(HoursPart, {
      description: 'Left out: they stay. Hours that are not named are deleted.',
    }),
  ),
  groups: Type.Array(GroupPart, {
    minItems: 1,
    description: 'In their order. Groups that are not named stay, since calls may refer to them.',
  }),
  agents: Type.Optional(
    Type.Array(AgentPart, { description: 'Agents who are not named are disabled.' }),
  ),
  dispositions: Type.Optional(Dispositions.properties.dispositions),
  requestHosts: Type.Optional(
    Type.Array(Type.String({ pattern: '^[a-z0-9.-]+(:\\d{1,5})?$' }), {
      description:
        'Hosts to which the flows’ requests may go, for example `crm.example.com`. Left out: they stay.',
    }),
  ),
  flows: Type.Optional(
    Type.Array(FlowPart, {
      description:
        'A flow that differs from its published version is published as a new one. Flows that are not named stay.',
    }),
  ),
  cannedReplies: Type.Optional(
    Type.Array(ReplyPart, {
      description:
        'Those of groups and of the site. Left out: they stay. Others of these scopes are deleted.',
    }),
  ),
});
export type SiteConfiguration = Shape<typeof SiteConfiguration>;

export const ConfigurationQuery = Type.Object({
  dryRun: Type.Optional(
    Type.Boolean({ default: false, description: 'Only tell what would change.' }),
  ),
});

export const ConfigurationChanges = closed({
  changes: Type.Array(
    closed({
      part: Type.String({ description: 'For example `site`, `group sales`, `agent jo`.' }),
      kind: OneOf('added', 'changed', 'removed'),
      before: Type.Optional(Type.Unknown()),
      after: Type.Optional(Type.Unknown()),
    }),
  ),
});
export type ConfigurationChanges = Shape<typeof ConfigurationChanges>;
