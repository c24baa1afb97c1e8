import type { Page } from 'puppeteer-core';
import { setTimeout as delay } from 'node:timers/promises';
import { BrowserProfile } from '../support/browser-profile.ts';
import type { DeskProcess } from '../support/desk-process.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { MediaPath, pictureBack, recordFrames } from '../support/media-path.ts';
import { find, meet, press, signIn, wrapUp } from '../support/page-actions.ts';
import { median, type Result } from './result.ts';

const ROUNDS = 3;
const CUT_MS = 3_000;

interface Network {
  readonly proxy: FaultProxy;
  readonly path: MediaPath;
}

/** What happens to the network. Resolves when the network works again. */
type Fault = (network: Network) => Promise<void>;

const FAULTS: readonly { readonly name: string; readonly run: Fault }[] = [
  {
    name: `after a network that was gone for ${CUT_MS / 1_000} s`,
    run: async ({ proxy, path }) => {
      proxy.cut();
      path.cut();
      await delay(CUT_MS);
      proxy.mend();
      path.mend();
    },
  },
  {
    name: 'after a changed address (ICE restart)',
    run: async ({ proxy, path }) => {
      await path.change();
      proxy.drop();
    },
  },
];

const now = (): number => performance.timeOrigin + performance.now();

/** ms from the moment when the network works again to the next frame at the visitor. */
async function measure(visitor: Page, network: Network, fault: Fault): Promise<number> {
  await recordFrames(visitor);
  await visitor.waitForFunction(() => {
    const { __frames: frames } = window as unknown as { __frames: number[] };
    return frames.length > 10;
  });
  await fault(network);
  const works = now();
  return (await pictureBack(visitor, works)) - works;
}

/** The visitor's network fails; the agent's does not. */
export async function measurePictureBack(server: DeskProcess): Promise<Result[]> {
  const proxy = await FaultProxy.start(server.port);
  const path = new MediaPath();
  const browsers = [await BrowserProfile.open(), await BrowserProfile.open()] as const;
  try {
    const [visitor, desk] = [
      await browsers[0].openPage('about:blank'),
      await browsers[1].openPage('about:blank'),
    ];
    for (const page of [visitor, desk]) await path.install(page);
    await desk.goto(`http://localhost:${server.port}/desk?lang=en`, { waitUntil: 'load' });
    await signIn(desk.mainFrame(), 'alice');
    const results: Result[] = [];
    for (const { name, run } of FAULTS) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        await visitor.goto(`${proxy.url}/demo/site/?lang=en`, { waitUntil: 'networkidle0' });
        await find(desk.mainFrame(), 'combobox', 'Status');
        await press(visitor.mainFrame(), 'Video call');
        await meet(desk.mainFrame(), visitor.mainFrame());
        times.push(await measure(visitor, { proxy, path }, run));
        await press(desk.mainFrame(), 'End call');
        await wrapUp(desk.mainFrame());
      }
      results.push({
        name: `the picture again, ${name}, median`,
        value: median(times),
        unit: 'ms',
        peers: {},
        ratio: null,
        budget: 'none set',
        ok: true,
      });
    }
    return results;
  } finally {
    await Promise.all(browsers.map((one) => one.close()));
    await path.close();
    await proxy.close();
  }
}
