import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find, press, sees } from '../support/page-actions.ts';
import { TEST_TRTC_ENVIRONMENT } from '../support/test-trtc.ts';
import type { Result } from './result.ts';
import { gzipOf, traceScripts, type LoadedScript } from './trace-scripts.ts';

/** Chunks that contain one SDK each (.config/sdk-chunks.mjs). */
const SDK = /\/(trtc-sdk|tim-sdk|tim-upload)-/;

/**
 * The weight of what a call on TRTC and IM loads beyond `builtIn`, a plain call. The page loads all of it while the
 * visitor waits in the queue, so that no cloud is needed here.
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
    const row = { unit: 'B gzip', peers: {}, ratio: null };
    return [
      {
        ...row,
        name: 'SDKs loaded before a call that uses them',
        value: early,
        budget: '0',
        ok: early === 0,
      },
      {
        ...row,
        name: 'a call on TRTC and IM, beyond the plain call',
        value: gzipOf(beyond),
        budget: 'none set',
        ok: true,
      },
    ];
  } finally {
    await browser.close();
    await server.dispose();
  }
}
