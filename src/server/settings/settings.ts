import { isIP } from 'node:net';
import type { ProxyTrust } from '../rate-limits/trusted-proxies.ts';
import type { TurnSettings } from '../rooms/ice-servers.ts';

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Everything that can be set, checked. `readSettings` makes it from the environment and flags. */
export interface Settings {
  /** 0 takes any free one. */
  readonly port: number;
  readonly host: string;
  /** The embedded database and the key; `memory://` keeps nothing. */
  readonly dataDir: string;
  /** A postgres:// address; null: the embedded database. */
  readonly databaseUrl: string | null;
  /** The signing key as it was set; null: the one in `dataDir`, made once. */
  readonly secret: string | null;
  /** The origin under which browsers reach this server, where it is known. */
  readonly publicUrl: string | null;
  readonly trustProxy: ProxyTrust;
  /** Sockets that this process holds, and of one address. */
  readonly maxSockets: number;
  readonly maxSocketsPerAddress: number;
  /** What `/metrics` asks for; null: only this machine may read them. */
  readonly metricsToken: string | null;
  readonly turn: TurnSettings | null;
  readonly trtc: TrtcSettings | null;
  readonly logLevel: LogLevel;
  readonly demo: boolean;
}

export interface TrtcSettings {
  readonly sdkAppId: number;
  readonly secretKey: string;
  /** Under which TRTC signs its callbacks; null: none come. */
  readonly callbackKey: string | null;
  /** For Tencent Cloud's API, by which rooms are closed; null: they are left to close by themselves. */
  readonly cloud: CloudSettings | null;
  /** Where IM's REST API answers for this application, by which groups are taken down. */
  readonly imHost: string;
}

export interface CloudSettings {
  readonly secretId: string;
  readonly secretKey: string;
  /** The API's region, e.g. `ap-guangzhou`. */
  readonly region: string;
}

/** What a command line may say; it goes before the environment. */
export interface Flags {
  readonly port?: string | undefined;
  readonly host?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly demo?: boolean | undefined;
}

/** A setting that is wrong or half-given. The message is one line, and names it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const SECRET_BYTES = 32;
/** Of applications in China; each other region has its own (documents 269/1624, 1047/34896). */
const IM_HOST = 'console.tim.qq.com';
/** Long enough not to be guessed, of what may stand in a header. */
const METRICS_TOKEN = /^[A-Za-z0-9._~+/=-]{16,256}$/;
/** A small machine lets a process open 20,000 files: the rest is for requests, the database and the disk. */
const SOCKETS = 16_000;
/** A support centre of 500 agents with two tabs each behind one address, or a campus; 15 MB of memory. */
const SOCKETS_PER_ADDRESS = 1_000;

/** Throws a SettingsError. An empty variable counts as unset. */
export function readSettings(environment: NodeJS.ProcessEnv, flags: Flags = {}): Settings {
  const read = (name: string): string | null => environment[name]?.trim() || null;
  const demo = flags.demo ?? false;
  const databaseUrl = readDatabaseUrl(read('DATABASE_URL'));
  return {
    port: readPort(flags.port ?? read('PORT')),
    host: flags.host ?? read('HOST') ?? '127.0.0.1',
    dataDir: flags.dataDir ?? read('DATA_DIR') ?? './data',
    databaseUrl,
    secret: readSecret(read('RTC_DESK_SECRET'), databaseUrl),
    publicUrl: readPublicUrl(read('PUBLIC_URL')),
    trustProxy: readTrustProxy(read('TRUST_PROXY')),
    maxSockets: readCount('MAX_SOCKETS', read('MAX_SOCKETS'), SOCKETS),
    maxSocketsPerAddress: readCount(
      'MAX_SOCKETS_PER_ADDRESS',
      read('MAX_SOCKETS_PER_ADDRESS'),
      SOCKETS_PER_ADDRESS,
    ),
    metricsToken: readMetricsToken(read('METRICS_TOKEN')),
    turn: readTurn(read('TURN_URLS'), read('TURN_SECRET')),
    trtc: readTrtc(read),
    logLevel: readLogLevel(read('LOG_LEVEL'), demo),
    demo,
  };
}

function readPort(value: string | null): number {
  if (value === null) return 8080;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : NaN;
  if (!(port <= 65_535))
    throw new SettingsError(`PORT must be a number from 0 to 65535, not "${value}".`);
  return port;
}

function readDatabaseUrl(value: string | null): string | null {
  if (value === null) return null;
  // The address itself holds a password: it is not repeated.
  if (!/^postgres(ql)?:\/\//.test(value) || !URL.canParse(value)) {
    throw new SettingsError('DATABASE_URL must be an address like postgres://user@host/database.');
  }
  return value;
}

function readSecret(value: string | null, databaseUrl: string | null): string | null {
  if (value === null) {
    if (databaseUrl === null) return null;
    throw new SettingsError(
      'RTC_DESK_SECRET must be set along with DATABASE_URL: every server of a database signs with the same one.',
    );
  }
  if (Buffer.byteLength(value) < SECRET_BYTES) {
    throw new SettingsError(`RTC_DESK_SECRET must be at least ${SECRET_BYTES} bytes long.`);
  }
  return value;
}

function readPublicUrl(value: string | null): string | null {
  if (value === null) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search || url.hash) {
    throw new SettingsError(
      `PUBLIC_URL must be an origin like https://desk.example.com, not "${value}".`,
    );
  }
  return url.origin;
}

function readTrustProxy(value: string | null): ProxyTrust {
  if (value === null || value === '0') return false;
  if (/^[1-9]\d?$/.test(value)) return Number(value);
  const addresses = value.split(',').map((address) => address.trim());
  if (addresses.every(isAddressRange)) return addresses;
  throw new SettingsError(
    `TRUST_PROXY must be a number of hops or addresses like 10.0.0.0/8,loopback, not "${value}".`,
  );
}

function isAddressRange(value: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(value)) return true;
  const [address = '', bits, ...rest] = value.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
}

function readCount(name: string, value: string | null, otherwise: number): number {
  if (value === null) return otherwise;
  if (/^[1-9]\d{0,6}$/.test(value)) return Number(value);
  throw new SettingsError(`${name} must be a number from 1 to 9999999, not "${value}".`);
}

function readMetricsToken(value: string | null): string | null {
  if (value === null || METRICS_TOKEN.test(value)) return value;
  throw new SettingsError(
    'METRICS_TOKEN must be 16 to 256 letters, digits or characters out of ._~+/=-.',
  );
}

function readTurn(urls: string | null, secret: string | null): TurnSettings | null {
  if (urls === null && secret === null) return null;
  if (urls === null) throw new SettingsError('TURN_URLS must be set along with TURN_SECRET.');
  if (secret === null) throw new SettingsError('TURN_SECRET must be set along with TURN_URLS.');
  const list = urls.split(',').map((url) => url.trim());
  const wrong = list.find((url) => !/^(turns?|stuns?):[^\s/?]+(\?transport=(udp|tcp))?$/.test(url));
  if (wrong !== undefined) {
    throw new SettingsError(
      `TURN_URLS must be addresses like turn:turn.example.com:3478, separated by commas, not "${wrong}".`,
    );
  }
  return { urls: list, secret };
}

function readTrtc(read: (name: string) => string | null): TrtcSettings | null {
  const id = read('TRTC_SDK_APP_ID');
  const secretKey = read('TRTC_SECRET_KEY');
  const callbackKey = read('TRTC_CALLBACK_KEY');
  const imHost = read('TIM_API_HOST');
  const cloud = readCloud(read);
  if (id === null) {
    const other =
      (secretKey !== null && 'TRTC_SECRET_KEY') ||
      (callbackKey !== null && 'TRTC_CALLBACK_KEY') ||
      (cloud !== null && 'TENCENTCLOUD_SECRET_ID') ||
      (imHost !== null && 'TIM_API_HOST');
    if (!other) return null;
    throw new SettingsError(`TRTC_SDK_APP_ID must be set along with ${other}.`);
  }
  if (secretKey === null) {
    throw new SettingsError('TRTC_SECRET_KEY must be set along with TRTC_SDK_APP_ID.');
  }
  if (!/^[1-9]\d{4,11}$/.test(id)) {
    throw new SettingsError('TRTC_SDK_APP_ID must be the number that the TRTC console shows.');
  }
  if (callbackKey !== null && !/^[A-Za-z0-9]{1,32}$/.test(callbackKey)) {
    throw new SettingsError(
      'TRTC_CALLBACK_KEY must be the key that the TRTC console has: 1 to 32 letters and digits.',
    );
  }
  if (imHost !== null && !/^[a-z0-9-]+(\.[a-z0-9-]+)+(:\d{1,5})?$/i.test(imHost)) {
    throw new SettingsError(
      `TIM_API_HOST must be a host like adminapisgp.im.qcloud.com, not "${imHost}".`,
    );
  }
  return { sdkAppId: Number(id), secretKey, callbackKey, cloud, imHost: imHost ?? IM_HOST };
}

function readCloud(read: (name: string) => string | null): CloudSettings | null {
  const secretId = read('TENCENTCLOUD_SECRET_ID');
  const secretKey = read('TENCENTCLOUD_SECRET_KEY');
  const region = read('TENCENTCLOUD_REGION');
  if (secretId === null && secretKey === null && region === null) return null;
  if (secretId === null) {
    const other = secretKey === null ? 'TENCENTCLOUD_REGION' : 'TENCENTCLOUD_SECRET_KEY';
    throw new SettingsError(`TENCENTCLOUD_SECRET_ID must be set along with ${other}.`);
  }
  if (secretKey === null) {
    throw new SettingsError(
      'TENCENTCLOUD_SECRET_KEY must be set along with TENCENTCLOUD_SECRET_ID.',
    );
  }
  if (region !== null && !/^[a-z]{2}-[a-z]+(-\d+)?$/.test(region)) {
    throw new SettingsError(
      `TENCENTCLOUD_REGION must be a region like ap-guangzhou, not "${region}".`,
    );
  }
  return { secretId, secretKey, region: region ?? 'ap-guangzhou' };
}

/** Somebody who tries the demo wants to see the addresses, not the log. */
function readLogLevel(value: string | null, demo: boolean): LogLevel {
  if (value === null) return demo ? 'warn' : 'info';
  const level = LOG_LEVELS.find((name) => name === value);
  if (!level)
    throw new SettingsError(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, not "${value}".`);
  return level;
}
