import { Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { AgentRole } from '../../protocol/agent-view.ts';
import { closed, OneOf, Slug, type Shape } from '../../protocol/schema.ts';
import { FlowDraft } from '../flows/flow-store.ts';
import { passwordFault } from '../identity/password-rules.ts';
import { RetentionPeriods } from '../retention/retention-periods.ts';
import { RoutingRules } from '../matching/rules.ts';
import { originFault } from './site-origins.ts';
import { isTimeZone } from './time-zone.ts';

const Name = Type.String({ minLength: 1, maxLength: 80 });
const TimeOfDay = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });

const Hours = closed({
  /** Default: the site's. */
  timeZone: Type.Optional(Type.String({ minLength: 1 })),
  open: Type.Array(
    closed({
      /** 1 is Monday, 7 Sunday. */
      days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1 }),
      from: TimeOfDay,
      to: TimeOfDay,
    }),
  ),
});

const Group = closed({
  id: Slug,
  name: Name,
  offerSeconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 120 })),
  wrapUpSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600 })),
  hours: Type.Optional(Hours),
  rules: Type.Optional(RoutingRules),
});

/** A group of an agent: its id, or its id with the agent's level there. Default: level 1, the best. */
const Membership = Type.Union([
  Slug,
  closed({ id: Slug, level: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })) }),
]);

const Agent = closed({
  username: Type.String({ pattern: '^[^\\s\\u0000-\\u001f]{1,64}$' }),
  name: Name,
  role: Type.Optional(AgentRole),
  /** At least 10 characters. An agent without a password signs in with a JWT of the site's backend only. */
  password: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
  groups: Type.Array(Membership),
});

/** A widget of Cloudflare Turnstile, as its dashboard shows it. */
const Challenge = closed({
  provider: OneOf('turnstile'),
  siteKey: Type.String({ pattern: '^[\\w-]{1,100}$' }),
  secretKey: Type.String({ pattern: '^[\\w-]{1,100}$' }),
});

/** A flow. Where its document differs from the published version, it is published as a new one. */
const SiteFlow = closed({
  id: Slug,
  ...FlowDraft.properties,
  /** Whether calls begin with it that name neither a flow nor a skill. */
  default: Type.Optional(Type.Boolean()),
});

const Site = closed({
  id: Slug,
  name: Name,
  timeZone: Type.Optional(Type.String({ minLength: 1 })),
  origins: Type.Optional(Type.Array(Type.String())),
  crmOrigins: Type.Optional(Type.Array(Type.String())),
  queueLimit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  callsPerAddress: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
  callsPerAddressPerDay: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  /** What a visitor without a signed identity has to show before a call. Default: nothing. */
  visitorCheck: Type.Optional(OneOf('none', 'identity', 'challenge')),
  challenge: Type.Optional(Challenge),
  socketLimit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  picturesPerRoom: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  /** Megabytes (10^6 bytes) of all pictures of the site. */
  pictureMegabytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
  /** A period that the file does not name stays as the owner has set it. */
  retention: Type.Optional(Type.Partial(RetentionPeriods, { additionalProperties: false })),
  noAgent: Type.Optional(OneOf('queue', 'refuse')),
  /** The media of the calls. Default: TRTC if the server has its keys, else the built-in media. */
  media: Type.Optional(OneOf('default', 'mesh', 'trtc')),
  /** Whether a call goes on with the built-in media if TRTC's are not available. Default: yes. */
  mediaFallback: Type.Optional(Type.Boolean()),
  groups: Type.Array(Group, { minItems: 1 }),
  agents: Type.Optional(Type.Array(Agent)),
  /** Hosts to which the flows' `request` steps may go, for example `crm.example.com`. */
  requestHosts: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9.-]+(:\\d{1,5})?$' }))),
  /** Flows that the file does not name stay as they are. */
  flows: Type.Optional(Type.Array(SiteFlow)),
});

/** The file of `rtc-desk provision`. */
export const ProvisionFile = closed({ sites: Type.Array(Site, { minItems: 1 }) });
export type ProvisionFile = Shape<typeof ProvisionFile>;
export type ProvisionSite = ProvisionFile['sites'][number];
export type ProvisionAgent = NonNullable<ProvisionSite['agents']>[number];

/** An agent's group with the level in it. */
export function membershipOf(membership: ProvisionAgent['groups'][number]): {
  readonly id: string;
  readonly level: number;
} {
  if (typeof membership === 'string') return { id: membership, level: 1 };
  return { id: membership.id, level: membership.level ?? 1 };
}

/** A wrong file. The message is one line and says where the fault is. */
export class ProvisionError extends Error {
  override readonly name = 'ProvisionError';
}

const validate = new Ajv({ allowUnionTypes: true }).compile<ProvisionFile>(ProvisionFile);

/** Settings of earlier versions, and what to do about them. */
const REMOVED: Readonly<Record<string, string>> = {
  capacity: 'remove it: an agent has one video call at a time',
};

/** Throws a ProvisionError. */
export function readProvisionFile(value: unknown): ProvisionFile {
  if (!validate(value)) throw describeFault();
  value.sites.forEach((site, index) => checkSite(site, `sites[${index}]`));
  unique(
    value.sites.map(({ id }) => id),
    'sites: id',
  );
  return value;
}

/** The first fault that the schema found. */
function describeFault(): ProvisionError {
  const { instancePath, message, params } = validate.errors?.[0] ?? {};
  const unknown = (params as { additionalProperty?: string } | undefined)?.additionalProperty;
  const where = readable(instancePath);
  const advice = unknown === undefined ? undefined : REMOVED[unknown];
  if (advice) return new ProvisionError(`${where}.${unknown}: ${advice}`);
  return new ProvisionError(
    `${where} ${message ?? 'is wrong'}${unknown === undefined ? '' : `: "${unknown}"`}`,
  );
}

function checkSite(site: ProvisionSite, where: string): void {
  for (const list of ['origins', 'crmOrigins'] as const) {
    site[list]?.forEach((origin, index) => checkOrigin(origin, `${where}.${list}[${index}]`));
  }
  if (site.timeZone !== undefined) checkTimeZone(site.timeZone, `${where}.timeZone`);
  if (site.visitorCheck === 'challenge' && !site.challenge) {
    throw new ProvisionError(`${where}.visitorCheck is "challenge": add ${where}.challenge`);
  }
  const groupIds = site.groups.map(({ id }) => id);
  unique(groupIds, `${where}.groups: id`);
  const checkGroup = (id: string, place: string): void => {
    if (!groupIds.includes(id)) throw new ProvisionError(`${place}: the site has no group "${id}"`);
  };
  site.groups.forEach(({ hours, rules }, index) => {
    const group = `${where}.groups[${index}]`;
    if (hours?.timeZone !== undefined) checkTimeZone(hours.timeZone, `${group}.hours.timeZone`);
    for (const ring of rules?.rings ?? []) {
      for (const id of ring.groups ?? []) checkGroup(id, `${group}.rules.rings`);
    }
  });
  const { agents = [], flows = [] } = site;
  unique(
    flows.map(({ id }) => id),
    `${where}.flows: id`,
  );
  if (flows.filter((flow) => flow.default).length > 1) {
    throw new ProvisionError(`${where}.flows: only one can be the default`);
  }
  unique(
    agents.map(({ username }) => username),
    `${where}.agents: username`,
  );
  agents.forEach(({ groups, password }, index) => {
    const fault = password === undefined ? null : passwordFault(password);
    if (fault !== null) throw new ProvisionError(`${where}.agents[${index}].password ${fault}`);
    const ids = groups.map((membership) => membershipOf(membership).id);
    for (const id of ids) checkGroup(id, `${where}.agents[${index}].groups`);
    unique(ids, `${where}.agents[${index}].groups:`);
  });
}

function checkOrigin(value: string, where: string): void {
  const fault = originFault(value);
  if (fault !== null) throw new ProvisionError(`${where} ${fault}`);
}

function checkTimeZone(value: string, where: string): void {
  if (isTimeZone(value)) return;
  throw new ProvisionError(`${where} must be a time zone like Europe/Berlin, not "${value}"`);
}

function unique(values: readonly string[], what: string): void {
  const twice = values.find((value, index) => values.indexOf(value) !== index);
  if (twice !== undefined) throw new ProvisionError(`${what} "${twice}" is there twice`);
}

/** `/sites/0/groups/1` as `sites[0].groups[1]`. */
function readable(path = ''): string {
  return (
    path
      .slice(1)
      .replace(/\/(\d+)/g, '[$1]')
      .replaceAll('/', '.') || 'The file'
  );
}
