import { readdir, readFile } from 'node:fs/promises';
import type { Queryable } from './database.ts';

const FOLDER = new URL('./schema/', import.meta.url);
/** Raise it with every change of the schema's files: a database of another version is refused. */
export const SCHEMA_VERSION = 9;
/** The key of the advisory lock. Any number that nothing else in this database locks by. */
const SCHEMA_LOCK = 7_282_375;

/** A database that this server cannot use. The message is one line and says what to do. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
}

/**
 * Applies the baseline schema to an empty database: every .sql file of the folder, in the order of their names. A
 * database that already has this version is left as it is. Call it in a transaction: nodes that start together wait
 * for each other, and a failure leaves nothing behind.
 *
 * Rejects with a SchemaError, and changes nothing, if the database holds another version or other tables.
 */
export async function applySchema(tx: Queryable, folder: URL = FOLDER): Promise<void> {
  await tx.query('set local statement_timeout = 0');
  await tx.query('set local lock_timeout = 0');
  await tx.query('select pg_advisory_xact_lock($1)', [SCHEMA_LOCK]);
  const tables = await readTables(tx);
  if (tables.includes('schema_version')) return checkVersion(tx);
  if (tables.includes('schema_migrations')) throw refusal('comes from an older rtc-desk');
  if (tables.length > 0) throw refusal(`already holds other tables (${tables[0]})`);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  for (const name of files) await tx.query(await readFile(new URL(name, folder), 'utf8'));
  await tx.query(
    'create table schema_version (version int primary key, applied_at timestamptz not null default now())',
  );
  await tx.query('insert into schema_version (version) values ($1)', [SCHEMA_VERSION]);
}

/** The tables of the schema in which this server makes its own. Those of extensions do not count. */
async function readTables(tx: Queryable): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `select c.relname as name from pg_class c
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
        and not exists (select from pg_depend d
                         where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
      order by c.relname`,
    [],
  );
  return rows.map(({ name }) => name);
}

async function checkVersion(tx: Queryable): Promise<void> {
  const { rows } = await tx.query<{ version: number }>('select version from schema_version');
  const version = rows[0]?.version;
  if (version === SCHEMA_VERSION) return;
  throw refusal(`has schema version ${version ?? 'none'}, this rtc-desk needs ${SCHEMA_VERSION}`);
}

function refusal(what: string): SchemaError {
  return new SchemaError(
    `The database ${what}. It was not changed. Give this rtc-desk an empty database (DATABASE_URL) or a new directory (DATA_DIR).`,
  );
}
