import { Type, type Static } from '@sinclair/typebox';
import { Ajv } from 'ajv';

const Slug = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' });
const Name = Type.String({ minLength: 1, maxLength: 80 });
const Time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });
const closed = { additionalProperties: false };

const Hours = Type.Object(
  {
    timeZone: Type.String({ minLength: 1 }),
    open: Type.Array(
      Type.Object(
        {
          /** 1 is Monday, 7 Sunday. */
          days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), { minItems: 1 }),
          from: Time,
          to: Time,
        },
        closed,
      ),
    ),
  },
  closed,
);

const Group = Type.Object(
  {
    id: Slug,
    name: Name,
    offerSeconds: Type.Optional(Type.Integer({ minimum: 5, maximum: 120 })),
    wrapUpSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 3600 })),
    hours: Type.Optional(Hours),
  },
  closed,
);

const Agent = Type.Object(
  {
    username: Type.String({ pattern: '^[^\\s\\u0000-\\u001f]{1,64}$' }),
    name: Name,
    /** Without one the agent comes with a JWT of the site's backend only. */
    password: Type.Optional(Type.String({ minLength: 1, maxLength: 256 })),
    groups: Type.Array(Slug),
    capacity: Type.Optional(Type.Integer({ minimum: 1, maximum: 10 })),
  },
  closed,
);

const Site = Type.Object(
  {
    id: Slug,
    name: Name,
    origins: Type.Optional(Type.Array(Type.String())),
    crmOrigins: Type.Optional(Type.Array(Type.String())),
    queueLimit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    callsPerAddress: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
    socketLimit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    noAgent: Type.Optional(Type.Union([Type.Literal('queue'), Type.Literal('refuse')])),
    /** Who carries the calls' media; default: TRTC where the server has its keys, else the browsers themselves. */
    media: Type.Optional(
      Type.Union([Type.Literal('default'), Type.Literal('peer'), Type.Literal('trtc')]),
    ),
    /** Whether a call whose TRTC media cannot be had goes on with the built-in ones; default: yes. */
    mediaFallback: Type.Optional(Type.Boolean()),
    groups: Type.Array(Group, { minItems: 1 }),
    agents: Type.Optional(Type.Array(Agent)),
  },
  closed,
);

const ProvisionFile = Type.Object({ sites: Type.Array(Site, { minItems: 1 }) }, closed);
export type ProvisionFile = Static<typeof ProvisionFile>;

/** What is wrong with a file; the message is one line, and says where. */
export class ProvisionError extends Error {
  override readonly name = 'ProvisionError';
}

const validate = new Ajv({ allowUnionTypes: true }).compile<ProvisionFile>(ProvisionFile);

/** Throws a ProvisionError. */
export function readProvisionFile(value: unknown): ProvisionFile {
  if (!validate(value)) {
    const { instancePath, message, params } = validate.errors?.[0] ?? {};
    const extra = (params as { additionalProperty?: string } | undefined)?.additionalProperty;
    throw new ProvisionError(
      `${readable(instancePath)} ${message ?? 'is wrong'}${extra ? `: "${extra}"` : ''}`,
    );
  }
  value.sites.forEach((site, index) => checkSite(site, `sites[${index}]`));
  unique(
    value.sites.map(({ id }) => id),
    'sites: id',
  );
  unique(
    value.sites.flatMap(({ agents = [] }) => agents.map(({ username }) => username)),
    'agents: username',
  );
  return value;
}

function checkSite(site: Static<typeof Site>, where: string): void {
  for (const list of ['origins', 'crmOrigins'] as const) {
    site[list]?.forEach((origin, index) => checkOrigin(origin, `${where}.${list}[${index}]`));
  }
  unique(
    site.groups.map(({ id }) => id),
    `${where}.groups: id`,
  );
  site.groups.forEach(({ hours }, index) => {
    if (hours) checkTimeZone(hours.timeZone, `${where}.groups[${index}].hours.timeZone`);
  });
  site.agents?.forEach(({ groups }, index) => {
    const unknown = groups.find((id) => !site.groups.some((group) => group.id === id));
    if (unknown !== undefined) {
      throw new ProvisionError(
        `${where}.agents[${index}].groups: the site has no group "${unknown}"`,
      );
    }
  });
}

/** As a browser writes it in the Origin header, so that the two can be compared. */
function checkOrigin(value: string, where: string): void {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.origin !== value) {
    throw new ProvisionError(
      `${where} must be an origin like https://www.example.com, not "${value}"`,
    );
  }
}

function checkTimeZone(value: string, where: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
  } catch (error) {
    throw new ProvisionError(`${where} must be a time zone like Europe/Berlin, not "${value}"`, {
      cause: error,
    });
  }
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
