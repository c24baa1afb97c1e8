import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { packageVersion } from '../../../src/server/command-line/package-folder.ts';
import { offeredLeg } from '../../support/agent-legs.ts';
import { signInDemoAgent } from '../../support/agent-session.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { DeskCommand } from '../../support/desk-command.ts';

async function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const command = new DeskCommand(args, environment);
  const code = await command.ended();
  return { code, stdout: command.stdout, stderr: command.stderr };
}

/** A WebSocket that answers nothing after the handshake: no pong, and no close. */
async function hangingSocket(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    'GET /ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  assert.match(head.toString(), /^HTTP\/1.1 101/);
  return socket;
}

/** A request whose body never ends. */
async function hangingUpload(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(
    'POST /api/v1/agent-sessions HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n' +
      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n',
  );
  const [head] = (await once(socket, 'data')) as [Buffer];
  assert.match(head.toString(), /^HTTP\/1.1 100/);
  socket.write('{');
  return socket;
}

describe('the command rtc-desk', () => {
  let folder: string;
  const commands: DeskCommand[] = [];
  const removals: (() => Promise<void>)[] = [];
  const start = (args: readonly string[], environment?: NodeJS.ProcessEnv) => {
    const command = new DeskCommand(args, environment);
    commands.push(command);
    return command;
  };

  /** Starts a server with the demo, and resolves when it listens. */
  async function startOnTemplate(environment: NodeJS.ProcessEnv = {}) {
    const { dataDir, remove } = await freshDataDirectory();
    removals.push(remove);
    const args = ['serve', '--demo', '--port', '0', '--data-dir', dataDir];
    const command = start(args, { LOG_LEVEL: 'info', ...environment });
    return { command, dataDir, url: await command.listening() };
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtc-desk-main-'));
  });
  after(async () => {
    await Promise.all(commands.map((command) => command.dispose()));
    await Promise.all(removals.map((remove) => remove()));
    await rm(folder, { recursive: true, force: true });
  });

  it('has help and a version', async () => {
    const [help, version] = await Promise.all([run(['--help']), run(['--version'])]);
    assert.match(help.stdout, /rtc-desk serve/);
    assert.deepEqual([help.code, version.code, version.stdout.trim()], [0, 0, packageVersion]);
  });

  it('stops with one line that names the fault', async () => {
    const cases: [RegExp, string[], NodeJS.ProcessEnv?][] = [
      [/PORT must be/, ['serve', '--port', 'x']],
      [/TURN_SECRET must be set/, ['serve'], { TURN_URLS: 'turn:a' }],
      [/RTC_DESK_SECRET must be set/, ['serve'], { DATABASE_URL: 'postgres://u@127.0.0.1:1/d' }],
      [/command is missing/, []],
      [/no command "sevre"/, ['sevre']],
      [/Unknown option '--prot'\. See rtc-desk --help\./, ['serve', '--prot', '1']],
      [/--port <value>' argument missing\. See/, ['serve', '--port']],
      [/provision takes FILE\.json/, ['provision']],
      [/serve takes nothing/, ['serve', 'now']],
      [/nowhere\.json cannot be read/, ['provision', 'nowhere.json']],
    ];
    const runs = cases.map(async ([line, args, environment]) => {
      const { code, stderr, stdout } = await run(args, environment);
      assert.equal(code, 1, stderr);
      assert.match(stderr, line);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.equal(stdout, '');
    });
    await Promise.all(runs);
  });

  it('serves, survives kill -9, refuses a second process, and stops cleanly', async () => {
    const dataDir = join(folder, 'data');
    const serve = ['serve', '--demo', '--port', '0', '--data-dir', dataDir];
    const first = start(serve, { LOG_LEVEL: 'info' });
    const url = await first.listening();
    const { token } = await signInDemoAgent(url, 'alice');
    const key = await readFile(join(dataDir, 'secret.key'), 'utf8');
    assert.equal((await stat(join(dataDir, 'secret.key'))).mode & 0o777, 0o600);

    const second = await run(serve);
    assert.equal(second.code, 1);
    assert.match(second.stderr, /data directory .* is in use/);
    assert.equal(second.stderr.trim().split('\n').length, 1, second.stderr);

    const sameAddress = await run(
      ['serve', '--port', new URL(url).port, '--data-dir', join(folder, 'other')],
      { LOG_LEVEL: 'silent' },
    );
    assert.equal(sameAddress.code, 1);
    assert.match(sameAddress.stderr, /^rtc-desk: Port \d+ is in use/);

    first.kill('SIGKILL');
    assert.equal(await first.ended(), null);
    const again = start(serve, { LOG_LEVEL: 'trace' });
    const address = await again.listening();
    const agent = await ProtocolClient.join(address, { role: 'agent', token });
    assert.equal(agent.view.agent.username, 'alice', 'the session survived the crash');
    const resume = randomBytes(32).toString('base64url');
    const visitor = await ProtocolClient.join(address, { role: 'visitor', site: 'demo', resume });
    const params = { customer: 'PRIVATE-4711' };
    await visitor.command({ type: 'request-call', resume, params, name: 'PRIVATE NAME' });
    await agent.command({ type: 'set-status', status: 'available' });
    await agent.waitFor(
      (view) => offeredLeg(view)?.call.visitor.params['customer'] === params.customer,
    );
    agent.sendRaw(`nonsense ${resume}`);
    await agent.message('error');
    await fetch(`${address}/desk?token=${token}`);
    assert.equal(await readFile(join(dataDir, 'secret.key'), 'utf8'), key);

    again.kill('SIGTERM');
    await agent.until(() => agent.closed !== null, 'the end of the socket');
    assert.equal(agent.closed?.code, 1012);
    assert.equal(await again.ended(), 0, again.stderr);
    const logs = first.stderr + again.stderr;
    assert.match(logs, /"msg":"stopped"/);
    // The password is the site's name too, which is in the log. So the field is looked for.
    for (const secret of [token, key.trim(), '"password":', resume, 'PRIVATE']) {
      assert.ok(!logs.includes(secret), `${secret} is in the log`);
    }
  });

  it('accepts nobody while it stops, tells everyone to come back, and cuts connections that stay', async () => {
    const { command, url } = await startOnTemplate();
    const polite = await ProtocolClient.join(url, { role: 'visitor', site: 'demo' });
    const deaf = await hangingSocket(url);
    const slow = await hangingUpload(url);
    command.kill('SIGTERM');
    assert.deepEqual(await polite.waitForClose(), { code: 1012, reason: 'offline' });
    // Not a 503: a load balancer without health checks sends clients elsewhere when nobody listens.
    await assert.rejects(fetch(`${url}/readyz`), 'nobody listens');
    const late = await ProtocolClient.open(url);
    assert.notEqual(late.closed, null, 'no new socket');
    assert.equal(await command.ended(), 0, command.stderr);
    assert.match(command.stderr, /"msg":"stopped"/);
    deaf.destroy();
    slow.destroy();
  });

  it('ends at once at a second signal', async () => {
    const { command, url } = await startOnTemplate();
    const deaf = await hangingSocket(url);
    command.kill('SIGTERM');
    await waitUntil('it is stopping', () => command.stderr.includes('told to stop'));
    command.kill('SIGTERM');
    assert.equal(await command.ended(), 1);
    assert.doesNotMatch(command.stderr, /"msg":"stopped"/);
    deaf.destroy();
  });

  it('ends at once when the lock of its data directory is removed', async () => {
    const { command, dataDir } = await startOnTemplate();
    const lock = (await readdir(dataDir)).find((name) => name.endsWith('.lock'));
    await rm(join(dataDir, lock ?? ''));
    assert.equal(await command.ended(), 1);
    assert.match(command.stderr, /the lock of the data directory was taken away/);
    assert.doesNotMatch(command.stderr, /"msg":"stopped"/);
  });

  it('refuses the data directory of an older version in one line, and leaves its data as they are', async () => {
    const { dataDir, remove } = await freshDataDirectory();
    removals.push(remove);
    const nodeId = randomUUID();
    const old = await openDatabase({ dataDir, nodeId });
    await old.query('drop table schema_version; create table schema_migrations (version int)');
    await old.close();
    const refused = await run(['serve', '--port', '0', '--data-dir', dataDir]);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /^rtc-desk: The database comes from an older rtc-desk\. .*DATA_DIR.*\n$/,
    );
    const pglite = new PGlite(join(dataDir, 'postgres'));
    const { rows } = await pglite.query<{ n: number }>(
      'select count(*)::int as n from schema_migrations',
    );
    assert.equal(rows[0]?.n, 0);
    await assert.rejects(pglite.query('select from schema_version'), /does not exist/);
    await pglite.close();
  });

  it('refuses a site with TRTC if the keys are missing, at provisioning and at the start', async () => {
    const file = join(folder, 'trtc-site.json');
    const site = {
      id: 'acme',
      name: 'Acme',
      media: 'trtc',
      groups: [{ id: 'help', name: 'Help' }],
    };
    await writeFile(file, JSON.stringify({ sites: [site] }));
    const { dataDir, remove } = await freshDataDirectory();
    removals.push(remove);
    const provision = ['provision', file, '--data-dir', dataDir];
    const refused = await run(provision);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /^rtc-desk: .*sites\[0\]\.media.*TRTC_SDK_APP_ID.*\n$/);
    const keys = { TRTC_SDK_APP_ID: '1400000000', TRTC_SECRET_KEY: 'the-trtc-secret' };
    assert.equal((await run(provision, keys)).code, 0);
    const start = await run(['serve', '--port', '0', '--data-dir', dataDir], {
      LOG_LEVEL: 'fatal',
    });
    assert.equal(start.code, 1);
    assert.match(start.stderr, /^rtc-desk: TRTC_SDK_APP_ID and TRTC_SECRET_KEY .*"acme".*\n$/);
  });

  it('provisions a site, once and again, and prints what the site owner needs', async () => {
    const file = join(folder, 'site.json');
    const site = {
      id: 'acme',
      name: 'Acme Power',
      origins: ['https://www.acme.example'],
      groups: [{ id: 'help', name: 'Help' }],
      agents: [{ username: 'jo', name: 'Jo Park', password: 'quiet-harbour-7', groups: ['help'] }],
    };
    await writeFile(file, JSON.stringify({ sites: [site] }));
    const args = ['provision', file, '--data-dir', join(folder, 'provisioned')];
    const environment = { PUBLIC_URL: 'https://desk.example.com', LOG_LEVEL: 'warn' };
    const first = await run(args, environment);
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /[A-Za-z0-9_-]{43}/);
    assert.match(first.stdout, /src="https:\/\/desk\.example\.com\/rtc-desk\.js" data-site="acme"/);
    assert.equal((await run(args, environment)).stdout, first.stdout);
  });
});
