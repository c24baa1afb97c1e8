import type { Page } from 'puppeteer-core';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find, gone, press, signIn } from '../support/page-actions.ts';
import { median, type Benchmark, type Result } from './result.ts';

const ROUNDS = 15;

interface Clock {
  pressed: number;
  firstFrame: Promise<number>;
}

/**
 * Runs in each page before its scripts: notes when somebody clicks, and when the first frame of the first
 * remote video track has been presented, by the same means for the product and for the bare loop.
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

/** The least that a browser needs: devices, two connections in one page, frames. */
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

/** The whole product: the button, the queue, an agent who accepts at once, the room. */
async function product(page: Page, desk: Page, address: string): Promise<number> {
  await page.goto(address, { waitUntil: 'networkidle0' });
  await press(page.mainFrame(), 'Video call');
  const time = await readClock(page);
  await press(page.mainFrame(), 'Leave call');
  await press(page.mainFrame(), 'Close');
  await press(desk.mainFrame(), 'Finish wrap-up');
  await gone(desk.mainFrame(), 'button', 'Finish wrap-up');
  return time;
}

async function measure(): Promise<Result[]> {
  const server = await DeskProcess.start();
  const browser = await BrowserProfile.open();
  // One of its own: a tab that lies behind another shows no frames.
  const agentBrowser = await BrowserProfile.open();
  try {
    const desk = await agentBrowser.openPage(`${server.url}/desk?lang=en`);
    await signIn(desk.mainFrame(), 'alice');
    await find(desk.mainFrame(), 'combobox', 'Status');
    await desk.evaluate(() =>
      document.querySelector('agent-desk')!.setAttribute('auto-accept', ''),
    );
    const own = await browser.browser.newPage();
    await own.evaluateOnNewDocument(startClock);
    const address = `${server.url}/demo/site/?lang=en`;
    const times: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round <= ROUNDS; round += 1) {
      const loop = await bareLoop(own, `${server.url}/demo/`);
      const call = await product(own, desk, address);
      if (round === 0) continue; // the first fills the caches of both
      bare.push(loop);
      times.push(call);
    }
    const [value, peer] = [median(times), median(bare)];
    return [
      {
        name: 'press to first remote frame (median)',
        value,
        unit: 'ms',
        peers: { 'bare loop': peer },
        ratio: value / peer,
        budget: '≤ 1.5 × the bare loop',
        ok: value <= 1.5 * peer,
      },
    ];
  } finally {
    await browser.close();
    await agentBrowser.close();
    await server.dispose();
  }
}

export const firstFrame: Benchmark = { name: 'first-frame', run: measure };
