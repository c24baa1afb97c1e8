import type { Page } from 'puppeteer-core';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find, gone, press, signIn } from '../support/page-actions.ts';
import { median, type Benchmark, type Result } from './result.ts';

const ROUNDS = 15;
const MAX_RATIO = 1.3;

interface Clock {
  pressed: number;
  firstFrame: Promise<number>;
}

/**
 * Runs in each page before its scripts. Records the time of the first click, and the time at which the first frame of
 * the first remote video track is presented. It is the same code for the product and for the bare loop.
 */
function startClock(): void {
  const clock = { pressed: 0 } as Clock;
  addEventListener('click', () => (clock.pressed ||= performance.now()), { capture: true });
  let seen: (at: number) => void;
  clock.firstFrame = new Promise((resolve) => (seen = resolve));
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.addEventListener('track', ({ track }) => {
        if (track.kind !== 'video') return;
        const video = document.createElement('video');
        video.muted = true;
        video.srcObject = new MediaStream([track]);
        video.requestVideoFrameCallback(() => seen(performance.now()));
        void video.play();
      });
    }
  };
  Object.assign(window, { __clock: clock });
}

function readClock(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { __clock: clock } = window as unknown as { __clock: Clock };
    const at = await clock.firstFrame;
    return at - clock.pressed;
  });
}

/** The least that a browser needs: devices, two peer connections in one page, frames. */
async function bareLoop(page: Page, address: string): Promise<number> {
  await page.goto(address, { waitUntil: 'load' });
  await page.evaluate(() => {
    addEventListener('click', async () => {
      const stream = await navigator.mediaDevices.getUserMedia({
        audio: true,
        video: { width: { ideal: 1280 }, height: { ideal: 720 } },
      });
      const [here, there] = [new RTCPeerConnection(), new RTCPeerConnection()];
      here.onicecandidate = ({ candidate }) => void there.addIceCandidate(candidate ?? undefined);
      there.onicecandidate = ({ candidate }) => void here.addIceCandidate(candidate ?? undefined);
      for (const track of stream.getTracks()) here.addTrack(track, stream);
      await here.setLocalDescription();
      await there.setRemoteDescription(here.localDescription!);
      await there.setLocalDescription();
      await here.setRemoteDescription(there.localDescription!);
    });
  });
  await page.mouse.click(5, 5);
  return readClock(page);
}

/** The product: the button, the queue, an agent who accepts at once, the room. */
async function wholeProduct(page: Page, desk: Page, address: string): Promise<number> {
  await page.goto(address, { waitUntil: 'networkidle0' });
  await press(page.mainFrame(), 'Video call');
  const time = await readClock(page);
  await press(page.mainFrame(), 'Leave call');
  await press(page.mainFrame(), 'Close');
  await press(desk.mainFrame(), 'Finish wrap-up');
  await gone(desk.mainFrame(), 'button', 'Finish wrap-up');
  return time;
}

/** Medians of both, measured in turn. `throttling`: how many times slower the CPU of both browsers is. */
async function measureRounds(
  { visitor, desk, server }: { visitor: Page; desk: Page; server: string },
  throttling: number,
): Promise<{ product: number; loop: number }> {
  for (const page of [visitor, desk]) await page.emulateCPUThrottling(throttling);
  const products: number[] = [];
  const loops: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const loop = await bareLoop(visitor, `${server}/demo/`);
    const product = await wholeProduct(visitor, desk, `${server}/demo/site/?lang=en`);
    if (round === 0) continue; // the first round fills the caches of both
    loops.push(loop);
    products.push(product);
  }
  return { product: median(products), loop: median(loops) };
}

async function run(): Promise<Result[]> {
  const server = await DeskProcess.start();
  const browser = await BrowserProfile.open();
  // The agent has another browser: a tab behind another tab gets no frames.
  const agentBrowser = await BrowserProfile.open();
  try {
    const desk = await agentBrowser.openPage(`${server.url}/desk?lang=en`);
    await signIn(desk.mainFrame(), 'alice');
    await find(desk.mainFrame(), 'combobox', 'Status');
    await desk.evaluate(() =>
      document.querySelector('agent-desk')!.setAttribute('auto-accept', ''),
    );
    const visitor = await browser.browser.newPage();
    await visitor.evaluateOnNewDocument(startClock);
    const results: Result[] = [];
    for (const throttling of [1, 4]) {
      const pages = { visitor, desk, server: server.url };
      const { product, loop } = await measureRounds(pages, throttling);
      const suffix = throttling === 1 ? '' : `, CPU throttled ${throttling} ×`;
      results.push({
        name: `press → first remote frame, median${suffix}`,
        value: product,
        unit: 'ms',
        peers: { 'bare loop': loop },
        ratio: product / loop,
        budget: `≤ ${MAX_RATIO} × the bare loop`,
        ok: product <= MAX_RATIO * loop,
      });
    }
    return results;
  } finally {
    await browser.close();
    await agentBrowser.close();
    await server.dispose();
  }
}

export const firstFrame: Benchmark = { name: 'first-frame', run };
