import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Set by with-databases.ts: a data directory with an empty, migrated database. */
const TEMPLATE = process.env['RTC_DESK_TEST_DATA_DIRECTORY'];

/**
 * A data directory of a test's own, and the function that removes it. In a run of many files it holds an
 * empty database already, since to make one takes PGlite seconds; where a file runs by itself, nothing.
 */
export async function freshDataDirectory(): Promise<{
  readonly dataDir: string;
  remove(): Promise<void>;
}> {
  const dataDir = await mkdtemp(join(tmpdir(), 'rtc-desk-data-'));
  if (TEMPLATE) await cp(TEMPLATE, dataDir, { recursive: true });
  return { dataDir, remove: () => rm(dataDir, { recursive: true, force: true }) };
}
