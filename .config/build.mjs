/**
 * Builds `dist/`.
 *
 *     node .config/build.mjs                      everything: browser, server, lib, manifest
 *     node .config/build.mjs --stale browser …    the named parts, if their sources have changed
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { build as bundleStyles } from 'esbuild';
import { rollup } from 'rollup';
import * as bundles from '../rollup.config.mjs';
import { PINNED_COPY } from './pinned-copy.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const bin = (name) => join(root, 'node_modules', '.bin', name);

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

async function bundle({ output, ...input }) {
  const made = await rollup({
    ...input,
    onwarn(warning) {
      throw new Error(`${warning.code}: ${warning.message}`);
    },
  });
  try {
    await made.write(output);
  } finally {
    await made.close();
  }
}

function run(command, args) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    child.stderr.on('data', (chunk) => (said += chunk));
    child.once('error', failed);
    child.once('exit', (code) => (code === 0 ? done() : failed(new Error(`${command}\n${said}`))));
  });
}

const brotli = promisify(brotliCompress);
const gunzipable = promisify(gzip);

/** Puts a .br and a .gz beside each text, so that the server never compresses while it serves. */
async function compress(folder) {
  const texts = (await filesIn(folder)).filter((file) => /\.(js|html|css|svg|json)$/.test(file));
  await Promise.all(
    texts.map(async (file) => {
      const content = await readFile(file);
      const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
      await writeFile(`${file}.br`, await brotli(content, { params }));
      await writeFile(`${file}.gz`, await gunzipable(content, { level: 9 }));
    }),
  );
}

/** Copies the files of a source folder that are no modules (pages, styles, SQL) to the same places. */
async function copyBeside(from, to, pattern) {
  for (const file of (await filesIn(from)).filter((name) => pattern.test(name))) {
    const target = join(to, relative(from, file));
    await mkdir(dirname(target), { recursive: true });
    await cp(file, target);
  }
}

async function buildBrowser() {
  await rm(join(dist, 'browser'), { recursive: true, force: true });
  await bundle(bundles.browser);
  await copyBeside(join(root, 'src/embed/desk'), join(dist, 'browser'), /\.(html|css|svg)$/);
  await copyBeside(join(root, 'src/embed/callback'), join(dist, 'browser'), /\.(html|css)$/);
  await copyBeside(join(root, 'src/embed/my-call'), join(dist, 'browser'), /\.html$/);
  await copyBeside(join(root, 'src/embed/shared'), join(dist, 'browser'), /\.html$/);
  await copyBeside(join(root, 'src/embed/hand-over'), join(dist, 'browser'), /\.html$/);
  await copyBeside(join(root, 'src/embed/visitor-page'), join(dist, 'browser'), /\.css$/);
  await copyBeside(join(root, 'src/embed/test'), join(dist, 'browser'), /\.(html|css)$/);
  await bundle(bundles.admin);
  await copyBeside(join(root, 'src/admin/page'), join(dist, 'browser'), /\.(html|svg)$/);
  await bundleStyles({
    entryPoints: [
      join(root, 'src/admin/page/admin.css'),
      join(root, 'src/admin/page/admin-preview.css'),
      join(root, 'src/admin/page/admin-charts.css'),
    ],
    bundle: true,
    minify: true,
    legalComments: 'none',
    outdir: join(dist, 'browser'),
  });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const script = await readFile(join(dist, 'browser', PINNED_COPY));
  const integrity = `sha384-${createHash('sha384').update(script).digest('base64')}`;
  await writeFile(
    join(dist, 'browser/embed.json'),
    `${JSON.stringify({ version, script: `/v/${version}/rtc-desk.js`, integrity }, null, 2)}\n`,
  );
  await compress(join(dist, 'browser'));
}

async function buildServer() {
  await rm(join(dist, 'server'), { recursive: true, force: true });
  await rm(join(dist, 'protocol'), { recursive: true, force: true });
  await bundle(bundles.server);
  await copyBeside(join(root, 'src/server'), join(dist, 'server'), /\.(sql|html|css|svg)$/);
}

async function buildLib() {
  await rm(join(dist, 'lib'), { recursive: true, force: true });
  await rm(join(dist, 'types'), { recursive: true, force: true });
  await bundle(bundles.lib);
  await run(bin('tsc'), ['-p', '.config/tsconfig.types.json']);
  // A declaration imports other files by the names of their sources. Users need the names of the built files.
  for (const file of await filesIn(join(dist, 'types'))) {
    const text = await readFile(file, 'utf8');
    await writeFile(
      file,
      text.replaceAll(/((?:from |import\()['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'),
    );
  }
}

async function buildManifest() {
  await run(bin('cem'), [
    'analyze',
    ...['--config', '.config/custom-elements-manifest.config.mjs'],
    '--quiet',
  ]);
}

const parts = {
  browser: { build: buildBrowser, sources: ['src'], skip: /src\/server\// },
  server: { build: buildServer, sources: ['src/server', 'src/protocol'] },
  lib: { build: buildLib, sources: ['src'] },
  manifest: { build: buildManifest, sources: ['src/elements'] },
};

/** A digest of a part's sources and of everything that decides how they are built. */
async function digest({ sources, skip }) {
  const hash = createHash('sha256');
  const tools = ['package.json', 'package-lock.json', 'tsconfig.json', 'rollup.config.mjs'];
  const own = [
    'build',
    'chunk-loader',
    'custom-elements-manifest.config',
    'lit-decorators',
    'pinned-copy',
    'sdk-chunks',
    'trtc-assets',
  ].map((name) => `.config/${name}.mjs`);
  const files = [...tools, ...own].map((name) => join(root, name));
  for (const folder of sources) files.push(...(await filesIn(join(root, folder))));
  for (const file of files.filter((name) => !skip?.test(name))) {
    hash
      .update(relative(root, file))
      .update('\0')
      .update(await readFile(file));
  }
  return hash.digest('hex');
}

async function readStamp(file) {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null; // never built
    throw error;
  }
}

const args = process.argv.slice(2);
const staleOnly = args.includes('--stale');
const named = args.filter((arg) => arg !== '--stale');
const unknown = named.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`unknown part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

async function build(name) {
  const stamp = join(dist, `.${name}.stamp`);
  const now = await digest(parts[name]);
  if (staleOnly && (await readStamp(stamp)) === now) return;
  const start = performance.now();
  // A build that is interrupted leaves no stamp, so the next one starts again.
  await rm(stamp, { force: true });
  await parts[name].build();
  await mkdir(dist, { recursive: true });
  await writeFile(stamp, now);
  console.log(`built ${name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

try {
  await Promise.all((named.length > 0 ? named : Object.keys(parts)).map(build));
} catch (error) {
  console.error(error.stack ?? String(error));
  process.exitCode = 1;
}
