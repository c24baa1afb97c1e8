import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { accept, find, press, seesAndHears, signIn } from '../support/page-actions.ts';
import { weighCloud } from './cloud-weight.ts';
import type { Benchmark, Result } from './result.ts';
import { gzipOf, traceScripts } from './trace-scripts.ts';

/** A library as a site would ship it: bundled, minified, gzip -9. */
async function weigh(source: string): Promise<number> {
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

/** How far the demo page's parts move when the desk's script comes after all else has been painted. */
async function measureShift(browser: BrowserProfile, address: string): Promise<number> {
  const page = await browser.openPage('about:blank');
  const isReady = (): boolean =>
    document.documentElement.lang === new URLSearchParams(location.search).get('lang') &&
    performance.getEntriesByName('first-contentful-paint').length > 0;
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const held = request.url().endsWith('/rtc-desk.js')
      ? page.waitForFunction(isReady).then(() => page.evaluate(watchShifts))
      : Promise.resolve();
    void held.then(() => request.continue());
  });
  await page.goto(address, { waitUntil: 'networkidle0' });
  await page.waitForFunction(() => customElements.get('video-call-button'));
  return page.evaluate(async () => {
    // In the first frame it is laid out anew, in the second that has been told.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    return (window as unknown as { __shifts: { total: number } }).__shifts.total;
  });
}

/** Runs in the page: counts from now on. */
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

async function measure(): Promise<Result[]> {
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

    const lit = await weigh(`export * from 'lit';`);
    const livekit = await weigh(`export * from 'livekit-client';`);
    const trtc = await weigh(`export { default } from 'trtc-sdk-v5/trtc.esm.js';`);
    return [
      {
        name: 'weight before the press',
        value: gzipOf(before),
        unit: 'B gzip',
        peers: { 'Lit alone': lit },
        ratio: gzipOf(before) / lit,
        budget: '≤ 8,000',
        ok: gzipOf(before) <= 8_000,
      },
      {
        name: 'requests before the press',
        value: before.length,
        unit: 'requests',
        peers: {},
        ratio: null,
        budget: '1',
        ok: before.length === 1,
      },
      {
        name: 'layout shift as the script comes, two languages',
        value: shift,
        unit: 'CLS',
        peers: {},
        ratio: null,
        budget: '0',
        ok: shift === 0,
      },
      {
        name: 'weight of a whole call, built-in media',
        value: gzipOf(call),
        unit: 'B gzip',
        peers: { 'livekit-client alone': livekit, 'trtc-sdk-v5 alone': trtc },
        ratio: gzipOf(call) / livekit,
        budget: '≤ 45,000',
        ok: gzipOf(call) <= 45_000,
      },
      {
        name: 'requests of a whole call',
        value: call.length,
        unit: 'requests',
        peers: {},
        ratio: null,
        budget: 'none set',
        ok: true,
      },
      ...(await weighCloud(call)),
    ];
  } finally {
    await browser.close();
    await agentBrowser.close();
    await server.dispose();
  }
}

export const weight: Benchmark = { name: 'weight', run: measure };
