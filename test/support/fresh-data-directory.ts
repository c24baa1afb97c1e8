import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Set by with-databases.ts: a data directory with an empty database and the schema. */
const TEMPLATE = process.env['RTC_DESK_TEST_DATA_DIRECTORY'];

/**
 * A new data directory, and the function that removes it. PGlite needs seconds to make a database. So in a run of
 * many files the directory holds an empty one already; if one file runs alone, the directory is empty.
 */
export async function freshDataDirectory(): Promise<{
  readonly dataDir: string;
  remove(): Promise<void>;
}> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rtc-desk-data-'));
  if (TEMPLATE) await cp(TEMPLATE, dataDir, { recursive: true });
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}
