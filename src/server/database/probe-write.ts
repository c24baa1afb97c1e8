import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from './database.ts';

const FILE = 'write-probe';
const FILE_BYTES = 64 * 1024;

/**
 * Whether anything can be written: a row, and with the embedded database also a file in its data directory, since a row
 * may fit into space that the database has already. Rejects with the error of the write.
 */
export async function probeWrite(db: Database, dataDir: string): Promise<void> {
  await db.query('update service_heartbeat set at = at', []);
  if (db.embedded && dataDir !== 'memory://') await probeFile(join(dataDir, FILE));
}

async function probeFile(path: string): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    await handle.write(Buffer.alloc(FILE_BYTES));
    await handle.sync();
  } finally {
    await handle.close();
    await rm(path, { force: true });
  }
}
