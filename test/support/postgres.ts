import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import pg from 'pg';
import { startPostgres, type PostgresServer } from './postgres-server.ts';

/** Set by with-databases.ts: the server that all test processes of a run share. */
const SHARED = process.env['RTC_DESK_TEST_POSTGRES'];

let own: Promise<PostgresServer> | null = null;

after(async () => {
  await (await own)?.stop();
});

/**
 * Makes an empty database. Answers with its postgres:// address. A test file that runs alone starts its own server
 * with the first call.
 */
export async function freshPostgres(): Promise<string> {
  const address = SHARED ?? (await (own ??= startPostgres())).address;
  const name = `test_${randomBytes(8).toString('hex')}`;
  const client = new pg.Client({ connectionString: `${address}postgres` });
  await client.connect();
  try {
    await client.query(`create database ${name}`);
  } finally {
    await client.end();
  }
  return address + name;
}
