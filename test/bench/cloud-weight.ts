import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find, press, sees } from '../support/page-actions.ts';
import { TEST_TRTC_ENVIRONMENT } from '../support/test-trtc.ts';
import type { Result } from './result.ts';
import { gzipOf, traceScripts, type LoadedScript } from './trace-scripts.ts';

/** Chunks that hold nothing but an SDK (.config/sdk-chunks.mjs). */
const SDK = /\/(trtc-sdk|tim-sdk|tim-upload)-/;

const CHUNKS = 'dist/browser/chunks';

/** The upload plugin is loaded with the first picture, which no cloud of ours would take. */
function weighUploadPlugin(): number {
  const name = readdirSync(CHUNKS).find((file) => /^tim-upload-.*\.js$/.test(file));
  if (!name) throw new Error(`${CHUNKS} has no tim-upload: build first`);
  return gzipSync(readFileSync(join(CHUNKS, name)), { level: 9 }).length;
}

const nameOf = (path: string): string =>
  path.replace(/^.*\//, '').replace(/-[\w-]{8}\.js$|\.js$/, '');

/**
 * What a call through Tencent's cloud loads that `builtIn`, a call on the built-in media, did not. All of it is loaded
 * ahead in the line, so that no cloud is needed to weigh it.
 */
export async function weighCloud(builtIn: readonly LoadedScript[]): Promise<Result[]> {
  const server = await DeskProcess.start({
    environment: TEST_TRTC_ENVIRONMENT,
  });
  const browser = await BrowserProfile.open({
    args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost'],
  });
  try {
    const page = await browser.openPage('about:blank');
    const loaded = traceScripts(page, server.url);
    await page.goto(`${server.url}/demo/site/?lang=en`, { waitUntil: 'networkidle0' });
    await find(page.mainFrame(), 'button', 'Video call');
    const before = await loaded();
    await press(page.mainFrame(), 'Video call');
    await sees(page.mainFrame(), 'You are number 1 in line');
    await page.waitForNetworkIdle();
    const own = new Set(builtIn.map(({ path }) => path));
    const beyond = (await loaded()).filter(({ path }) => !own.has(path));
    await press(page.mainFrame(), 'Cancel');

    const early = gzipOf([...before, ...builtIn].filter(({ path }) => SDK.test(path)));
    const row = (name: string, value: number): Result => ({
      ...{ name, value, unit: 'B gzip', peers: {}, ratio: null },
      ...{ budget: 'none set', ok: true },
    });
    return [
      {
        ...row('SDKs loaded before a call that uses them', early),
        ...{ budget: '0', ok: early === 0 },
      },
      row('a TRTC call, beyond a built-in one', gzipOf(beyond)),
      ...beyond.map(({ path, gzip }) => row(`… of which ${nameOf(path)}`, gzip)),
      row('… and with its first picture, tim-upload', weighUploadPlugin()),
    ];
  } finally {
    await browser.close();
    await server.dispose();
  }
}
