import { readdir, readFile } from 'node:fs/promises';
import type { Queryable } from './database.ts';

const FOLDER = new URL('./migrations/', import.meta.url);
const FILE = /^(\d{4})-([a-z0-9-]+)\.sql$/;
/** Any number that nobody else locks by in this database. */
const LOCK = 7_282_375;

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly file: URL;
}

/**
 * Brings the database to this server's version: each numbered file once, in order. To be called in a
 * transaction: servers that start together wait for each other, and a failure leaves nothing half done.
 * Rejects where a newer server has been at this database.
 */
export async function migrate(tx: Queryable, folder: URL = FOLDER): Promise<void> {
  await tx.query('set local statement_timeout = 0');
  await tx.query('select pg_advisory_xact_lock($1)', [LOCK]);
  await tx.query(`create table if not exists schema_migrations (
    version int primary key, name text not null, applied_at timestamptz not null default now())`);
  const { rows } = await tx.query<{ version: number }>('select version from schema_migrations');
  const done = new Set(rows.map(({ version }) => version));
  const migrations = await readMigrations(folder);
  const newest = migrations.at(-1)?.version ?? 0;
  const newer = [...done].filter((version) => version > newest);
  if (newer.length > 0) {
    throw new Error(
      `The database has migration ${Math.max(...newer)}, this server knows ${newest}: start a newer rtc-desk.`,
    );
  }
  for (const { version, name, file } of migrations) {
    if (done.has(version)) continue;
    await tx.query(await readFile(file, 'utf8'));
    await tx.query('insert into schema_migrations (version, name) values ($1, $2)', [
      version,
      name,
    ]);
  }
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const found = (await readdir(folder)).sort().flatMap((entry) => {
    const match = FILE.exec(entry);
    return match
      ? [{ version: Number(match[1]), name: match[2] ?? '', file: new URL(entry, folder) }]
      : [];
  });
  // A number may be left out (it was given to work that never came); one that is there twice is a mistake.
  found.forEach(({ version }, index) => {
    if (version === found[index - 1]?.version)
      throw new Error(`migration ${version} is there twice`);
  });
  return found;
}
