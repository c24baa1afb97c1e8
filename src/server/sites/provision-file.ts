import { Type } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { SiteConfiguration } from '../../protocol/rest/configuration.ts';
import { closed, type Shape } from '../../protocol/schema.ts';
import { checkSchedule } from '../configuration/schedule.ts';
import { repeatedLabel } from '../configuration/site-settings.ts';
import { passwordFault } from '../identity/password-rules.ts';
import { originFault } from './site-origins.ts';
import { isTimeZone } from './time-zone.ts';

/** The file of `rtc-desk provision`. */
export const ProvisionFile = closed({ sites: Type.Array(SiteConfiguration, { minItems: 1 }) });
export type ProvisionFile = Shape<typeof ProvisionFile>;
export type ProvisionAgent = NonNullable<SiteConfiguration['agents']>[number];

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
  value.sites.forEach((site, index) => checkConfiguration(site, `sites[${index}]`));
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

/** What the schema of a site cannot say. `where` names the site in the message. Throws a ProvisionError. */
export function checkConfiguration(site: SiteConfiguration, where: string): void {
  for (const list of ['origins', 'crmOrigins'] as const) {
    site[list]?.forEach((origin, index) => checkOrigin(origin, `${where}.${list}[${index}]`));
  }
  if (site.timeZone !== undefined) checkTimeZone(site.timeZone, `${where}.timeZone`);
  if (site.visitorCheck === 'challenge' && !site.challenge) {
    throw new ProvisionError(`${where}.visitorCheck is "challenge": add ${where}.challenge`);
  }
  unique(
    (site.rating?.reasons ?? []).map(({ id }) => id),
    `${where}.rating.reasons: id`,
  );
  const label = repeatedLabel(site.paramLabels ?? []);
  if (label !== null) throw new ProvisionError(`${where}.paramLabels: ${label} is there twice`);
  const groupIds = site.groups.map(({ id }) => id);
  unique(groupIds, `${where}.groups: id`);
  const checkGroup = (id: string, place: string): void => {
    if (!groupIds.includes(id)) throw new ProvisionError(`${place}: the site has no group "${id}"`);
  };
  checkHours(site, where);
  site.groups.forEach(({ rules, wrapUpSeconds, dispositionRequired }, index) => {
    if (dispositionRequired && wrapUpSeconds === 0) {
      throw new ProvisionError(
        `${where}.groups[${index}]: a required disposition needs wrapUpSeconds above 0`,
      );
    }
    for (const ring of rules?.rings ?? []) {
      for (const id of ring.groups ?? []) checkGroup(id, `${where}.groups[${index}].rules.rings`);
    }
  });
  const { agents = [], cannedReplies = [], flows = [] } = site;
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
    const fault = typeof password === 'string' ? passwordFault(password) : null;
    if (fault !== null) throw new ProvisionError(`${where}.agents[${index}].password ${fault}`);
    const ids = groups.map((membership) => membershipOf(membership).id);
    for (const id of ids) checkGroup(id, `${where}.agents[${index}].groups`);
    unique(ids, `${where}.agents[${index}].groups:`);
  });
  cannedReplies.forEach(({ scope, group }, index) => {
    const reply = `${where}.cannedReplies[${index}]`;
    if ((scope === 'group') !== (group !== undefined)) {
      throw new ProvisionError(`${reply}: the scope "group" needs a group, and no other has one`);
    }
    if (group !== undefined) checkGroup(group, `${reply}.group`);
  });
  unique(
    cannedReplies.map(({ group = '', shortcut, language }) =>
      [group, shortcut, language].filter(Boolean).join(' '),
    ),
    `${where}.cannedReplies:`,
  );
}

function checkHours({ hours, groups }: SiteConfiguration, where: string): void {
  unique(
    (hours ?? []).map(({ id }) => id),
    `${where}.hours: id`,
  );
  hours?.forEach(({ timeZone = null, open = [], exceptions = [] }, index) => {
    const fault = checkSchedule({ timeZone, open, exceptions });
    if (fault !== null) throw new ProvisionError(`${where}.hours[${index}].${fault}`);
  });
  groups.forEach(({ hours: used }, index) => {
    // Without a list of hours the ones that the site has stay.
    if (typeof used !== 'string' || !hours || hours.some(({ id }) => id === used)) return;
    throw new ProvisionError(`${where}.groups[${index}].hours: the site has no hours "${used}"`);
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
