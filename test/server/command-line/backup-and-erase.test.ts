import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { DemoCall } from '../../support/demo-call.ts';
import { DeskCommand } from '../../support/desk-command.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { waitUntil } from '../../support/wait-until.ts';

const PASSPHRASE = { RTC_DESK_BACKUP_PASSPHRASE: 'seven green kettles' };

async function run(args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const command = new DeskCommand(args, environment);
  const code = await command.ended();
  return { code, stdout: command.stdout, stderr: command.stderr };
}

describe('backup, restore and erase on the command line', () => {
  let folder: string;
  let dataDir: string;
  let remove: () => Promise<void>;
  let server: DeskCommand | null = null;

  const serve = (directory: string): Promise<string> => {
    server = new DeskCommand(['serve', '--demo', '--port', '0', '--data-dir', directory], {
      LOG_LEVEL: 'info',
    });
    return server.listening();
  };
  const stop = async () => {
    await server?.dispose();
    server = null;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtc-desk-backup-command-'));
    ({ dataDir, remove } = await freshDataDirectory());
  });
  afterEach(stop);
  after(async () => {
    await remove?.();
    await rm(folder, { recursive: true, force: true });
  });

  it('back up during a call; what is restored elsewhere knows the call, and takes the next one', async () => {
    const call = await DemoCall.begin(await serve(dataDir));
    const file = join(folder, 'night.backup');
    const backup = await run(['backup', file, '--data-dir', dataDir], PASSPHRASE);
    assert.equal(backup.code, 0, backup.stderr);
    assert.match(backup.stdout, /Written to .*night\.backup\.\n$/);
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    await call.goesOn();
    assert.ok(!server?.stderr.includes(PASSPHRASE.RTC_DESK_BACKUP_PASSPHRASE));
    await call.end();
    await stop();

    const restored = join(folder, 'restored');
    const restore = await run(['restore', file, '--data-dir', restored], PASSPHRASE);
    assert.equal(restore.code, 0, restore.stderr);
    assert.match(restore.stdout, /^Restored into .*restored, as it was at 20/);
    const again = await run(['restore', file, '--data-dir', restored], PASSPHRASE);
    assert.equal(again.code, 1);
    assert.match(again.stderr, /^rtc-desk: .*restored is not empty \(.*\n$/);

    // The backup was made during Alice's call, so Bob is the one who is free.
    const next = await DemoCall.begin(await serve(restored), 'bob');
    await next.goesOn();
    await next.end();
    const known = await run([
      'erase',
      'demo',
      ...['--call', call.callId, '--dry-run', '--data-dir', restored],
    ]);
    assert.match(known.stdout, /^An erasure would delete:\n {2}calls: 1\n/, known.stderr);
  });

  it('erase a call beside a running server, and without one', async () => {
    const url = await serve(dataDir);
    const first = await DemoCall.begin(url);
    const erase = (callId: string, ...flags: string[]) =>
      run(['erase', 'demo', '--call', callId, ...flags, '--data-dir', dataDir]);
    const live = await erase(first.callId);
    assert.match(live.stdout, /^A call is live or has a legal hold, /, live.stderr);
    await first.end();
    await waitUntil(
      'the server goes on with the erasure by itself',
      async () => {
        const { stderr } = await erase(first.callId, '--dry-run');
        return stderr === 'rtc-desk: The site has no such call.\n';
      },
      120_000,
    );
    const second = await DemoCall.begin(url);
    await second.end();
    const done = await erase(second.callId);
    assert.equal(done.code, 0, done.stderr);
    const third = await DemoCall.begin(url);
    await third.end();
    await stop();
    const alone = await erase(third.callId);
    assert.equal(alone.code, 0, alone.stderr);
    const certificate = alone.stdout.trim().split('\n').at(-1) ?? '';
    const { site, deleted, requestedBy } = decodeJwt<{
      site: string;
      deleted: { calls: number };
      requestedBy: string;
    }>(certificate);
    assert.deepEqual([site, deleted.calls], ['demo', 1]);
    assert.match(requestedBy, /^operator ./);
    const gone = await erase(third.callId, '--dry-run');
    assert.deepEqual([gone.code, gone.stderr], [1, 'rtc-desk: The site has no such call.\n']);
  });

  it('say in one line what is wrong', async () => {
    const at = ['--data-dir', join(folder, 'unused')];
    const cases: [RegExp, string[], NodeJS.ProcessEnv?][] = [
      [/erase takes either --visitor or --call\./, ['erase', 'demo']],
      [/erase takes either/, ['erase', 'demo', '--visitor', 'a', '--call', 'b']],
      [/--call takes the id of a call\./, ['erase', 'demo', '--call', 'x']],
      [/backup takes FILE\./, ['backup']],
      [/at least 12 characters\./, ['backup', 'x'], { RTC_DESK_BACKUP_PASSPHRASE: 'short' }],
      [/nowhere cannot be read/, ['restore', join(folder, 'nowhere')]],
    ];
    for (const [line, args, environment] of cases) {
      const { code, stdout, stderr } = await run([...args, ...at], environment);
      assert.equal(code, 1, args.join(' '));
      assert.match(stderr, line);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.equal(stdout, '');
    }
  });
});
