import { join, relative } from 'node:path';
import { SettingsError, type Settings } from '../settings/settings.ts';

const FILE = 'control.sock';
/** The shortest limit of the systems that have Unix sockets: macOS takes 103 bytes, Linux 107. */
const MAX_PATH_BYTES = 103;

/**
 * The path of the control socket. Null if there is none: with PostgreSQL every process can open the database
 * itself, data in memory belong to one process, and Windows has no socket files.
 *
 * Throws a SettingsError for a data directory whose path is too long for a socket.
 */
export function controlAddress({
  dataDir,
  databaseUrl,
}: Pick<Settings, 'dataDir' | 'databaseUrl'>): string | null {
  if (databaseUrl !== null || dataDir === 'memory://' || process.platform === 'win32') return null;
  const path = join(dataDir, FILE);
  const fromHere = relative(process.cwd(), path);
  const shorter = fromHere.length < path.length ? fromHere : path;
  if (Buffer.byteLength(shorter) <= MAX_PATH_BYTES) return shorter;
  throw new SettingsError(
    `DATA_DIR must be shorter: the path of its ${FILE} has more than ${MAX_PATH_BYTES} bytes.`,
  );
}
