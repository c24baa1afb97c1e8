import { Type, type TSchema } from '@sinclair/typebox';
import ipaddr from 'ipaddr.js';
import { closed, Nullable, OneOf, type Shape } from '../../protocol/schema.ts';
import type { ProxyTrust } from '../rate-limits/trusted-proxies.ts';

/** A setting that is wrong or half given. The message is one line and names the setting. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** How a setting is read from its environment variable. */
export interface Source {
  readonly variable: string;
  /** Follows "VARIABLE must be" in the message about a wrong value. */
  readonly mustBe: string;
  /** The value is not repeated in that message. */
  readonly secret?: boolean;
  /** Default: the text itself, a number if the schema is one, a list separated by commas if it is one. */
  readonly parse?: (text: string) => unknown;
}

/** By the setting's schema. */
const sources = new WeakMap<TSchema, Source>();

/** Undefined for a group of settings. */
export function sourceOf(schema: TSchema): Source | undefined {
  return sources.get(schema);
}

function setting<S extends TSchema>(
  variable: string,
  mustBe: string,
  schema: S,
  options: Pick<Source, 'secret' | 'parse'> = {},
): S {
  sources.set(schema, { variable, mustBe, ...options });
  return schema;
}

const text = (pattern?: RegExp, options = {}) =>
  Type.String({ minLength: 1, ...(pattern && { pattern: pattern.source }), ...options });
const secretText = { secret: true };

const Turn = closed({
  urls: setting(
    'TURN_URLS',
    'addresses like turn:turn.example.com:3478, separated by commas',
    Type.Array(text(/^(turns?|stuns?):[^\s/?]+(\?transport=(udp|tcp))?$/)),
  ),
  secret: setting('TURN_SECRET', 'the secret that the TURN server has', text(), secretText),
});
export type TurnSettings = Shape<typeof Turn>;

/** For recordings by TRTC's cloud. Without it no site can record there. */
const CloudRecordings = closed({
  /** A bucket and where in it, or VOD and the application there. */
  storage: setting(
    'TRTC_RECORDINGS',
    'cos://bucket/prefix, s3://bucket/prefix, vod or vod://application',
    text(/^(vod(:\/\/\d{1,12})?|(cos|s3):\/\/[a-z0-9][a-z0-9.-]+(\/[A-Za-z0-9_-]+)*)$/),
  ),
  region: setting(
    'TRTC_RECORDINGS_REGION',
    'the region of the bucket, for example ap-guangzhou or eu-central-1',
    Nullable(text(/^[a-z0-9-]+$/)),
  ),
  accessKey: setting(
    'TRTC_RECORDINGS_ACCESS_KEY',
    'the id of a key that may write, read and delete in the bucket',
    Nullable(text()),
    secretText,
  ),
  secretKey: setting(
    'TRTC_RECORDINGS_SECRET_KEY',
    'the secret of that key',
    Nullable(text()),
    secretText,
  ),
});
export type CloudRecordingSettings = Shape<typeof CloudRecordings>;

/** For Tencent Cloud's API, which closes rooms and records. Without it rooms close by themselves. */
const Cloud = closed({
  secretId: setting('TENCENTCLOUD_SECRET_ID', 'the id of an API key', text(), secretText),
  secretKey: setting('TENCENTCLOUD_SECRET_KEY', 'the key of an API key', text(), secretText),
  region: setting(
    'TENCENTCLOUD_REGION',
    'a region like ap-guangzhou',
    text(/^[a-z]{2}-[a-z]+(-\d+)?$/, { default: 'ap-guangzhou' }),
  ),
  recordings: Nullable(CloudRecordings),
});
export type CloudSettings = Shape<typeof Cloud>;

const Trtc = closed({
  sdkAppId: setting(
    'TRTC_SDK_APP_ID',
    'the number that the TRTC console shows',
    Type.Integer({ minimum: 10_000, maximum: 999_999_999_999 }),
  ),
  secretKey: setting('TRTC_SECRET_KEY', 'the key of the TRTC console', text(), secretText),
  /** The key that signs TRTC's callbacks. Null: none come. */
  callbackKey: setting(
    'TRTC_CALLBACK_KEY',
    'the key of the TRTC console: 16 to 32 letters and digits',
    Nullable(text(/^[A-Za-z0-9]{16,32}$/)),
    secretText,
  ),
  /** The default is for applications in China. Each other region has its own (documents 269/1624, 1047/34896). */
  imHost: setting(
    'TIM_API_HOST',
    'a host like adminapisgp.im.qcloud.com',
    text(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d{1,5})?$/, { default: 'console.tim.qq.com' }),
  ),
  cloud: Nullable(Cloud),
});
export type TrtcSettings = Shape<typeof Trtc>;

const LogLevel = OneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent');
export type LogLevel = Shape<typeof LogLevel>;

export const MIN_SECRET_BYTES = 32;
/** A small machine lets a process open 20,000 files. The rest is for requests, the database and the disk. */
const DEFAULT_MAX_SOCKETS = 16_000;
/** A support centre of 500 agents with two tabs each behind one address, or a campus; 15 MB of memory. */
const DEFAULT_MAX_SOCKETS_PER_ADDRESS = 1_000;
const count = (byDefault: number) =>
  Type.Integer({ minimum: 1, maximum: 9_999_999, default: byDefault });

/** Everything that can be set. `readSettings` reads it from the environment and the flags. */
export const Settings = closed({
  /** 0 takes any free port. */
  port: setting(
    'PORT',
    'a number from 0 to 65535',
    Type.Integer({ minimum: 0, maximum: 65_535, default: 8080 }),
  ),
  host: setting('HOST', 'an address or a name', text(undefined, { default: '127.0.0.1' })),
  /** Where the embedded database and the key are. `memory://` keeps nothing. */
  dataDir: setting('DATA_DIR', 'a directory', text(undefined, { default: './data' })),
  /**
   * Where recordings are kept: a folder, or a bucket with a prefix. Null: `recordings` in `dataDir`. Servers of one
   * database share one folder.
   */
  recordings: setting(
    'RECORDINGS',
    'a folder, or an address like s3://bucket/prefix',
    Nullable(text(/^((?!s3:)|s3:\/\/[a-z0-9][a-z0-9.-]+[a-z0-9](\/[\w.-]+)*\/?$)/)),
  ),
  /** Where recordings are before they are moved to the bucket. Null: `recordings` in `dataDir`. */
  recordingsFolder: setting('RECORDINGS_FOLDER', 'a folder', Nullable(text(/^(?!s3:)/))),
  // Single settings, and no group: a machine in Amazon's cloud has some of them for other programs.
  awsAccessKeyId: setting('AWS_ACCESS_KEY_ID', 'the id of a key', Nullable(text()), secretText),
  awsSecretAccessKey: setting('AWS_SECRET_ACCESS_KEY', 'a key', Nullable(text()), secretText),
  /** Of temporary keys. */
  awsSessionToken: setting('AWS_SESSION_TOKEN', 'a token', Nullable(text()), secretText),
  awsRegion: setting(
    'AWS_REGION',
    'a region like eu-central-1',
    text(/^[A-Za-z0-9-]+$/, { default: 'us-east-1' }),
  ),
  /** `{bucket}` is the bucket's place; without it the bucket begins the path. Null: Amazon's endpoint of the region. */
  s3Endpoint: setting(
    'S3_ENDPOINT',
    'an origin like https://minio.example.com or https://{bucket}.s3.example.com',
    Nullable(text(/^https?:\/\/(\{bucket\}\.)?[A-Za-z0-9.-]+(:\d{1,5})?\/?$/)),
  ),
  /** Null: the embedded database. It holds a password. */
  databaseUrl: setting(
    'DATABASE_URL',
    'an address like postgres://user@host/database',
    Nullable(text(/^postgres(ql)?:\/\//)),
    secretText,
  ),
  /** The signing key. Null: the one in `dataDir`, made once. */
  secret: setting(
    'RTC_DESK_SECRET',
    `at least ${MIN_SECRET_BYTES} bytes long`,
    Nullable(text()),
    secretText,
  ),
  /** The origin under which browsers reach this server, if it is known. */
  publicUrl: setting(
    'PUBLIC_URL',
    'an origin like https://desk.example.com',
    Nullable(text(/^https?:\/\//)),
    { parse: parseOrigin },
  ),
  trustProxy: setting(
    'TRUST_PROXY',
    'a number of hops or addresses like 10.0.0.0/8,loopback',
    Type.Unsafe<ProxyTrust>(
      Type.Union(
        [
          Type.Literal(false),
          Type.Integer({ minimum: 1, maximum: 99 }),
          Type.Array(text(), { minItems: 1 }),
        ],
        { default: false },
      ),
    ),
    { parse: parseProxyTrust },
  ),
  /** Sockets of this process, and of one address. */
  maxSockets: setting('MAX_SOCKETS', 'a number from 1 to 9999999', count(DEFAULT_MAX_SOCKETS)),
  maxSocketsPerAddress: setting(
    'MAX_SOCKETS_PER_ADDRESS',
    'a number from 1 to 9999999',
    count(DEFAULT_MAX_SOCKETS_PER_ADDRESS),
  ),
  /** The bearer token for `/metrics`, long enough not to be guessed. Null: only this machine may read them. */
  metricsToken: setting(
    'METRICS_TOKEN',
    '16 to 256 letters, digits or characters out of ._~+/=-',
    Nullable(text(/^[A-Za-z0-9._~+/=-]{16,256}$/)),
    secretText,
  ),
  turn: Nullable(Turn),
  trtc: Nullable(Trtc),
  logLevel: setting(
    'LOG_LEVEL',
    `one of ${(LogLevel['enum'] as readonly string[]).join(', ')}`,
    Type.Unsafe<LogLevel>({ ...LogLevel, default: 'info' }),
  ),
  demo: Type.Boolean({ default: false }),
});
export type Settings = Shape<typeof Settings>;

/** The environment variables, in the order of the settings. */
export const SETTING_NAMES: readonly string[] = leavesOf(Settings).map(({ variable }) => variable);

function parseOrigin(given: string): string | undefined {
  const url = URL.canParse(given) ? new URL(given) : null;
  return url && url.pathname === '/' && !url.search && !url.hash ? url.origin : undefined;
}

function parseProxyTrust(given: string): unknown {
  if (given === '0') return false;
  if (/^\d+$/.test(given)) return Number(given);
  const ranges = parseList(given);
  return ranges.every(isAddressRange) ? ranges : null;
}

function isAddressRange(given: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(given)) return true;
  return given.includes('/') ? ipaddr.isValidCIDR(given) : ipaddr.isValid(given);
}

export function parseList(given: string): string[] {
  return given.split(',').map((part) => part.trim());
}

/** The group of settings inside a `Nullable`. */
export function groupOf(schema: TSchema): TSchema | undefined {
  const parts = (schema['anyOf'] ?? []) as readonly TSchema[];
  return parts.find((part) => part['properties'] !== undefined);
}

/** The sources of all settings of an object, also of its groups. */
export function leavesOf(schema: TSchema): Source[] {
  return Object.values(schema['properties'] as Record<string, TSchema>).flatMap((property) => {
    const source = sources.get(property);
    if (source) return [source];
    const group = groupOf(property);
    return group ? leavesOf(group) : [];
  });
}
