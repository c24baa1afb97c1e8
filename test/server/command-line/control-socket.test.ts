import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, it, test } from 'node:test';
import { pino } from 'pino';
import { ControlSocket } from '../../../src/server/command-line/control-socket.ts';
import { packageVersion } from '../../../src/server/command-line/package-folder.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { readSettings } from '../../../src/server/settings/read-settings.ts';
import { startServer } from '../../../src/server/start-server.ts';
import { DeskCommand } from '../../support/desk-command.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';

const SITE = {
  id: 'acme',
  name: 'Acme Power',
  groups: [{ id: 'help', name: 'Help' }],
  agents: [{ username: 'jo', name: 'Jo Park', password: 'copper-kettle-91', groups: ['help'] }],
};
/** A user of this machine who is not the server's. */
const NOBODY = 65_534;

async function run(args: readonly string[]) {
  const command = new DeskCommand(args);
  const code = await command.ended();
  return { code, stdout: command.stdout, stderr: command.stderr };
}

async function signIn(url: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/agent-sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ site: 'acme', username: 'jo', password: 'copper-kettle-91' }),
  });
  return response.status;
}

describe('a command beside a running server with the embedded database', () => {
  let dataDir: string;
  let remove: () => Promise<void>;
  let file: string;
  let server: DeskCommand;
  const start = () => {
    server = new DeskCommand(['serve', '--port', '0', '--data-dir', dataDir], {
      LOG_LEVEL: 'info',
    });
    return server.listening();
  };

  before(async () => {
    ({ dataDir, remove } = await freshDataDirectory());
    file = join(dataDir, 'site.json');
    await writeFile(file, JSON.stringify({ sites: [SITE] }));
  });
  after(async () => {
    await server?.dispose();
    await remove?.();
  });

  it('is carried out by the server, whose clients see it at once', async () => {
    const url = await start();
    assert.equal(await signIn(url), 401);
    const provisioned = await run(['provision', file, '--data-dir', dataDir]);
    assert.equal(provisioned.code, 0, provisioned.stderr);
    assert.match(provisioned.stdout, /JWT secret.*\n\s+[A-Za-z0-9_-]{43}\n/);
    assert.equal(await signIn(url), 200);
    assert.ok(!server.stderr.includes('copper-kettle'), 'the log has no password');
  });

  it('is refused in one line if the server refuses it', async () => {
    const trtcFile = join(dataDir, 'trtc.json');
    await writeFile(trtcFile, JSON.stringify({ sites: [{ ...SITE, media: 'trtc' }] }));
    const refused = await run(['provision', trtcFile, '--data-dir', dataDir]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^rtc-desk: sites\[0\]\.media is "trtc".*\n$/);
  });

  it('opens the database itself after the server died, and the next server listens again', async () => {
    server.kill('SIGKILL');
    await server.ended();
    assert.ok((await stat(join(dataDir, 'control.sock'))).isSocket(), 'the dead server left it');
    const alone = await run(['provision', file, '--data-dir', dataDir]);
    assert.equal(alone.code, 0, alone.stderr);
    await start();
    const beside = await run(['provision', file, '--data-dir', dataDir]);
    const secretOf = (printed: string) => /[A-Za-z0-9_-]{43}/.exec(printed)?.[0];
    assert.equal(beside.code, 0, beside.stderr);
    assert.equal(secretOf(beside.stdout), secretOf(alone.stdout));
    server.kill('SIGTERM');
    assert.equal(await server.ended(), 0, server.stderr);
    await assert.rejects(stat(join(dataDir, 'control.sock')), { code: 'ENOENT' });
  });
});

test('a data directory whose path is too long for the socket is refused before it is made', async () => {
  const dataDir = join(tmpdir(), 'd'.repeat(104));
  await assert.rejects(
    startServer(readSettings({ DATA_DIR: dataDir, PORT: '0' }), {
      logger: pino({ level: 'silent' }),
    }),
    /DATA_DIR must be shorter/,
  );
  assert.equal(existsSync(dataDir), false);
});

describe('the control socket', () => {
  let folder: string;
  let close: () => Promise<unknown>;
  const address = () => join(folder, 'control.sock');

  async function ask(message: string): Promise<unknown> {
    const socket = connect(address());
    await once(socket, 'connect');
    socket.end(message);
    return JSON.parse(await text(socket)) as unknown;
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtc-desk-control-'));
    // Only the socket's own mode keeps a stranger out.
    await chmod(folder, 0o755);
    const database = await openDatabase({ dataDir: 'memory://', nodeId: randomUUID() });
    const before = process.umask(0);
    const control = await ControlSocket.open(address(), {
      database,
      key: new Uint8Array(32),
      settings: readSettings({ DATA_DIR: folder }),
      logger: pino({ level: 'silent' }),
    });
    process.umask(before);
    close = async () => {
      await control.close();
      await database.close();
    };
  });
  after(async () => {
    await close?.();
    await rm(folder, { recursive: true, force: true });
  });

  it('can be opened by its owner only, whatever the umask', async (t) => {
    assert.equal((await stat(address())).mode & 0o777, 0o600);
    if (process.getuid?.() !== 0) {
      t.diagnostic('Only the mode was tested: to act as another user, run this test as root.');
      return;
    }
    const stranger = spawnSync(
      process.execPath,
      [
        '-e',
        `require('node:net').connect(process.argv[1])
           .on('connect', () => process.stdout.write('connected'))
           .on('error', (error) => process.stdout.write(error.code))`,
        address(),
      ],
      { uid: NOBODY, gid: NOBODY, cwd: '/', encoding: 'utf8', timeout: 60_000 },
    );
    assert.equal(stranger.stdout, 'EACCES', stranger.stderr);
  });

  it('refuses unknown commands, other versions and requests of a wrong form, and goes on', async () => {
    const version = packageVersion;
    const refusals: [object, RegExp][] = [
      [{ version, command: 'format-disk', request: {} }, /does not know this command/],
      [{ version: '0.0.0', command: 'provision', request: {} }, /another version/],
      [{ version, command: 'provision', request: { sites: [] } }, /request of provision is wrong/],
    ];
    for (const [message, expected] of refusals) {
      const answer = (await ask(JSON.stringify(message))) as { refused: string };
      assert.match(answer.refused, expected);
    }
    await assert.rejects(ask('no JSON'), SyntaxError);
    const answer = await ask(
      JSON.stringify({
        version,
        command: 'provision',
        request: { file: { sites: [SITE] }, closeMissingSites: false, operator: 'root' },
      }),
    );
    assert.match((answer as { printed: string }).printed, /Acme Power/);
  });
});
