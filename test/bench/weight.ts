import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { accept, find, press, seesAndHears, signIn } from '../support/page-actions.ts';
import { weighCloud } from './cloud-weight.ts';
import type { Benchmark, Result } from './result.ts';
import { gzipOf, traceScripts, type LoadedScript } from './trace-scripts.ts';

/** The budgets. */
const MAX_BEFORE_PRESS_BYTES = 6_000;
const MAX_PLAIN_CALL_BYTES = 45_000;

/** The weight of a library as a site would ship it: bundled, minified, gzip -9. */
async function weighLibrary(source: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: process.cwd() },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    platform: 'browser',
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}

/** The layout shift of the demo page when the desk's script comes after everything else was painted. */
async function measureShift(browser: BrowserProfile, address: string): Promise<number> {
  const page = await browser.openPage('about:blank');
  const isPainted = (): boolean =>
    document.documentElement.lang === new URLSearchParams(location.search).get('lang') &&
    performance.getEntriesByName('first-contentful-paint').length > 0;
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const allowed = request.url().endsWith('/rtc-desk.js')
      ? page.waitForFunction(isPainted).then(() => page.evaluate(watchShifts))
      : Promise.resolve();
    void allowed.then(() => request.continue());
  });
  await page.goto(address, { waitUntil: 'networkidle0' });
  await page.waitForFunction(() => customElements.get('video-call-button'));
  return page.evaluate(async () => {
    // The first frame has the new layout. In the second one the shift has been reported.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    return (window as unknown as { __shifts: { total: number } }).__shifts.total;
  });
}

/** Runs in the page: adds up the layout shifts from now on. */
async function watchShifts(): Promise<void> {
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
  const shifts = { total: 0 };
  Object.assign(window, { __shifts: shifts });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      shifts.total += (entry as unknown as { value: number }).value;
    }
  }).observe({ type: 'layout-shift' });
}

const CHUNKS = 'dist/browser/chunks';

/** A line for each chunk that the plain call does not load: it is loaded when it is used. */
function weighChunks(plainCall: readonly LoadedScript[]): Result[] {
  const loaded = new Set(plainCall.map(({ path }) => path));
  const chunks = readdirSync(CHUNKS)
    .filter((file) => file.endsWith('.js') && !loaded.has(`/chunks/${file}`))
    .map((file) => ({
      // Without the hash, so that the next build's line has the same name.
      name: file.replace(/-[\w-]{8}\.js$/, ''),
      value: gzipSync(readFileSync(join(CHUNKS, file)), { level: 9 }).length,
    }));
  return chunks
    .sort((a, b) => a.name.localeCompare(b.name))
    .map(({ name, value }) => ({
      name: `chunk ${name}`,
      value,
      unit: 'B gzip',
      peers: {},
      ratio: null,
      budget: 'none set',
      ok: true,
    }));
}

/** The console's scripts. They are on no page of a visitor or an agent. */
function weighConsole(): Result {
  const value = gzipSync(readFileSync('dist/browser/admin.js'), { level: 9 }).length;
  return {
    name: 'the console (its own bundle): scripts',
    value,
    unit: 'B gzip',
    peers: {},
    ratio: null,
    budget: 'none set',
    ok: true,
  };
}

async function run(): Promise<Result[]> {
  const server = await DeskProcess.start();
  const browser = await BrowserProfile.open();
  const agentBrowser = await BrowserProfile.open();
  try {
    const desk = (await agentBrowser.openPage(`${server.url}/desk?lang=en`)).mainFrame();
    await signIn(desk, 'alice');
    const page = await browser.openPage('about:blank');
    const loaded = traceScripts(page, server.url);
    await page.goto(`${server.url}/demo/site/?lang=en`, { waitUntil: 'networkidle0' });
    await find(page.mainFrame(), 'button', 'Video call');
    const before = await loaded();
    let shift = 0;
    for (const language of ['en', 'zh-CN']) {
      shift += await measureShift(browser, `${server.url}/demo/site/?lang=${language}`);
    }
    await press(page.mainFrame(), 'Video call');
    await accept(desk);
    await seesAndHears(page.mainFrame());
    const call = await loaded();

    const lit = await weighLibrary(`export * from 'lit';`);
    const livekit = await weighLibrary(`export * from 'livekit-client';`);
    const trtc = await weighLibrary(`export { default } from 'trtc-sdk-v5/trtc.esm.js';`);
    return [
      {
        name: 'before the press: scripts',
        value: gzipOf(before),
        unit: 'B gzip',
        peers: { 'Lit alone': lit },
        ratio: gzipOf(before) / lit,
        budget: `≤ ${MAX_BEFORE_PRESS_BYTES.toLocaleString('en')} B`,
        ok: gzipOf(before) <= MAX_BEFORE_PRESS_BYTES,
      },
      {
        name: 'before the press: requests',
        value: before.length,
        unit: 'requests',
        peers: {},
        ratio: null,
        budget: '1',
        ok: before.length === 1,
      },
      {
        name: 'before the press: layout shift, two languages',
        value: shift,
        unit: 'CLS',
        peers: {},
        ratio: null,
        budget: '0',
        ok: shift === 0,
      },
      {
        name: 'a plain call on the built-in media: all scripts',
        value: gzipOf(call),
        unit: 'B gzip',
        peers: { 'livekit-client alone': livekit, 'trtc-sdk-v5 alone': trtc },
        ratio: gzipOf(call) / livekit,
        budget: `≤ ${MAX_PLAIN_CALL_BYTES.toLocaleString('en')} B`,
        ok: gzipOf(call) <= MAX_PLAIN_CALL_BYTES,
      },
      {
        name: 'a plain call on the built-in media: requests',
        value: call.length,
        unit: 'requests',
        peers: {},
        ratio: null,
        budget: 'none set',
        ok: true,
      },
      ...(await weighCloud(call)),
      ...weighChunks(call),
      weighConsole(),
    ];
  } finally {
    await browser.close();
    await agentBrowser.close();
    await server.dispose();
  }
}

export const weight: Benchmark = { name: 'weight', run };
