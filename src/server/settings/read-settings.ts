import type { TSchema } from '@sinclair/typebox';
import { Ajv } from 'ajv';
import { isBucket } from './recordings-path.ts';
import {
  groupOf,
  leavesOf,
  MIN_SECRET_BYTES,
  parseList,
  Settings,
  SettingsError,
  sourceOf,
  type Source,
} from './settings.ts';

/** The data directory of `--demo`. */
const DEMO_DATA_DIR = './data-demo';

const ajv = new Ajv({ allowUnionTypes: true });

/** What a command line may say. It goes before the environment. */
export interface Flags {
  readonly port?: string | undefined;
  readonly host?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly demo?: boolean | undefined;
}

/** Throws a SettingsError. An empty variable counts as unset. */
export function readSettings(environment: NodeJS.ProcessEnv, flags: Flags = {}): Settings {
  const { demo = false } = flags;
  const flagTexts: Readonly<Record<string, string | undefined>> = {
    PORT: flags.port,
    HOST: flags.host,
    DATA_DIR: flags.dataDir,
  };
  const given = (variable: string): string | null =>
    flagTexts[variable] ?? (environment[variable]?.trim() || null);
  // The demo's data never lie beside real ones.
  const textOf = (variable: string): string | null =>
    given(variable) ?? (demo && variable === 'DATA_DIR' ? DEMO_DATA_DIR : null);
  const settings = { ...(readObject(Settings, textOf) as Settings), demo };
  checkSecret(settings);
  checkRecordings(settings);
  checkCloudRecordings(settings);
  // With the demo the terminal shows the addresses, not the log.
  const quiet = demo && textOf('LOG_LEVEL') === null;
  return quiet ? { ...settings, logLevel: 'warn' } : settings;
}

type TextOf = (variable: string) => string | null;

function readObject(schema: TSchema, textOf: TextOf): unknown {
  const properties = Object.entries(schema['properties'] as Record<string, TSchema>);
  return Object.fromEntries(
    properties.map(([name, property]) => {
      const source = sourceOf(property);
      if (source) return [name, readSetting(property, source, textOf)];
      const group = groupOf(property);
      return [name, group ? readGroup(group, textOf) : property.default];
    }),
  );
}

/** A group is given as a whole or not at all. Null: not at all. */
function readGroup(group: TSchema, textOf: TextOf): unknown {
  const given = leavesOf(group).find(({ variable }) => textOf(variable) !== null);
  if (!given) return null;
  const properties = Object.values(group['properties'] as Record<string, TSchema>);
  for (const inner of properties.flatMap((property) => groupOf(property) ?? [])) {
    readGroup(inner, textOf);
  }
  const missing = properties
    .filter((property) => property.default === undefined && !isNullable(property))
    .map((property) => sourceOf(property)?.variable)
    .find((variable) => variable !== undefined && textOf(variable) === null);
  if (missing !== undefined) {
    throw new SettingsError(`${missing} must be set along with ${given.variable}.`);
  }
  return readObject(group, textOf);
}

function readSetting(schema: TSchema, source: Source, textOf: TextOf): unknown {
  const { variable, mustBe, secret } = source;
  const given = textOf(variable);
  if (given === null) return schema.default ?? null;
  const value = (source.parse ?? parserOf(schema))(given);
  if (ajv.validate(schema, value)) return value;
  throw new SettingsError(`${variable} must be ${mustBe}${secret ? '' : `, not "${given}"`}.`);
}

function parserOf(schema: TSchema): (text: string) => unknown {
  if (schema['type'] === 'integer') return (given) => (/^\d+$/.test(given) ? Number(given) : null);
  if (schema['type'] === 'array') return parseList;
  return (given) => given;
}

function checkSecret({ secret, databaseUrl }: Settings): void {
  if (databaseUrl !== null && !URL.canParse(databaseUrl)) {
    throw new SettingsError('DATABASE_URL must be an address like postgres://user@host/database.');
  }
  if (secret === null && databaseUrl !== null) {
    throw new SettingsError(
      'RTC_DESK_SECRET must be set along with DATABASE_URL: every server of a database signs with the same one.',
    );
  }
  if (secret !== null && Buffer.byteLength(secret) < MIN_SECRET_BYTES) {
    throw new SettingsError(`RTC_DESK_SECRET must be at least ${MIN_SECRET_BYTES} bytes long.`);
  }
}

function checkRecordings({
  recordings,
  recordingsFolder,
  awsAccessKeyId,
  awsSecretAccessKey,
}: Settings): void {
  if (!isBucket(recordings)) {
    if (recordingsFolder === null) return;
    throw new SettingsError('RECORDINGS_FOLDER goes along with RECORDINGS=s3://bucket/prefix.');
  }
  const keys = { AWS_ACCESS_KEY_ID: awsAccessKeyId, AWS_SECRET_ACCESS_KEY: awsSecretAccessKey };
  const missing = Object.entries(keys).find(([, key]) => key === null);
  if (missing) throw new SettingsError(`${missing[0]} must be set along with RECORDINGS.`);
}

function checkCloudRecordings({ trtc }: Settings): void {
  const recordings = trtc?.cloud?.recordings;
  if (!recordings) return;
  const { storage, region, accessKey, secretKey } = recordings;
  if (!storage.startsWith('vod') && (!region || !accessKey || !secretKey)) {
    throw new SettingsError(
      'TRTC_RECORDINGS_REGION, TRTC_RECORDINGS_ACCESS_KEY and TRTC_RECORDINGS_SECRET_KEY must be set along with a bucket in TRTC_RECORDINGS.',
    );
  }
}

function isNullable(schema: TSchema): boolean {
  return ((schema['anyOf'] ?? []) as readonly TSchema[]).some((part) => part['type'] === 'null');
}
