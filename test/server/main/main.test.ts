import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { packageVersion } from '../../../src/server/package-folder.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';
import { DeskCommand } from './desk-command.ts';

async function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const command = new DeskCommand(args, environment);
  const code = await command.ended();
  return { code, stdout: command.stdout, stderr: command.stderr };
}

const signIn = (url: string) =>
  fetch(`${url}/api/v1/agent-sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'alice', password: 'demo' }),
  });

describe('the command rtc-desk', () => {
  let folder: string;
  const commands: DeskCommand[] = [];
  const start = (args: readonly string[], environment?: NodeJS.ProcessEnv) => {
    const command = new DeskCommand(args, environment);
    commands.push(command);
    return command;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtc-desk-main-'));
  });
  after(async () => {
    await Promise.all(commands.map((command) => command.dispose()));
    await rm(folder, { recursive: true, force: true });
  });

  it('helps, and tells its version', async () => {
    const [help, version] = await Promise.all([run(['--help']), run(['--version'])]);
    assert.match(help.stdout, /rtc-desk serve/);
    assert.deepEqual([help.code, version.code, version.stdout.trim()], [0, 0, packageVersion]);
  });

  it('stops with one line that names what is wrong', async () => {
    const cases: [RegExp, string[], NodeJS.ProcessEnv?][] = [
      [/PORT must be/, ['serve', '--port', 'x']],
      [/TURN_SECRET must be set/, ['serve'], { TURN_URLS: 'turn:a' }],
      [/RTC_DESK_SECRET must be set/, ['serve'], { DATABASE_URL: 'postgres://u@127.0.0.1:1/d' }],
      [/command is missing/, []],
      [/no command "sevre"/, ['sevre']],
      [/--prot/, ['serve', '--prot', '1']],
      [/provision takes one file/, ['provision']],
      [/nowhere\.json cannot be read/, ['provision', 'nowhere.json']],
    ];
    for (const [line, args, environment] of cases) {
      const { code, stderr, stdout } = await run(args, environment);
      assert.equal(code, 1, stderr);
      assert.match(stderr, line);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.equal(stdout, '');
    }
  });

  it('serves, bears kill -9, refuses a second one, and stops cleanly', async () => {
    const dataDir = join(folder, 'data');
    const serve = ['serve', '--demo', '--port', '0', '--data-dir', dataDir];
    const first = start(serve, { LOG_LEVEL: 'info' });
    const url = await first.listening();
    const { token } = (await (await signIn(url)).json()) as { token: string };
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
    const agent = await ProtocolClient.join(await again.listening(), { role: 'agent', token });
    assert.equal(agent.view.agent.username, 'alice', 'the session outlived the crash');
    assert.equal(await readFile(join(dataDir, 'secret.key'), 'utf8'), key);

    again.kill('SIGTERM');
    await agent.until(() => agent.closed !== null, 'the end of the socket');
    assert.equal(agent.closed?.code, 1012);
    assert.equal(await again.ended(), 0, again.stderr);
    const logs = first.stderr + again.stderr;
    assert.match(logs, /"msg":"stopped"/);
    for (const secret of [token, key.trim(), '"demo"']) assert.ok(!logs.includes(secret));
  });

  it('provisions a site, once and again, and prints what its owner needs', async () => {
    const file = join(folder, 'site.json');
    const site = {
      id: 'acme',
      name: 'Acme Power',
      origins: ['https://www.acme.example'],
      groups: [{ id: 'help', name: 'Help' }],
      agents: [{ username: 'jo', name: 'Jo Park', password: 'pw', groups: ['help'] }],
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
