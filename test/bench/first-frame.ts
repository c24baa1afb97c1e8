import type { Page } from 'puppeteer-core';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { find, gone, leaveForGood, press, signIn } from '../support/page-actions.ts';
import { BarePair } from './bare-pair.ts';
import {
  clearTrace,
  describeSteps,
  firstFrameIn,
  readCall,
  readTrace,
  recordTrace,
  type CallTrace,
} from './call-trace.ts';
import { measurePictureBack } from './picture-back.ts';
import { median, type Benchmark, type Result } from './result.ts';

const ROUNDS = 15;
const MAX_RATIO = 1.3;
const MAX_MESSAGES = 6;
const DELAY_MS = 40;
/** What may be added to the bare loop on a slow line: six messages, and the work of both sides and the server. */
const MAX_ON_SLOW_LINE_MS = 6 * DELAY_MS + 100;
const MAX_TASK_MS = 50;

interface Condition {
  readonly name: string;
  /** How many times slower the CPU of both browsers is. */
  readonly throttling: number;
  /** ms each way between both browsers and the server. Media do not go through the server. */
  readonly delay: number;
}

const CONDITIONS: readonly Condition[] = [
  { name: '', throttling: 1, delay: 0 },
  { name: ', CPU throttled 4 ×', throttling: 4, delay: 0 },
  { name: `, ${DELAY_MS} ms each way to the server`, throttling: 1, delay: DELAY_MS },
];

interface Pages {
  readonly visitor: Page;
  readonly desk: Page;
  readonly proxy: FaultProxy;
  readonly pair: BarePair;
}

/** The least that a browser needs: devices, two peer connections in one page, frames. */
async function bareLoop({ visitor: page, proxy }: Pages): Promise<number> {
  await page.goto(`${proxy.url}/demo/`, { waitUntil: 'load' });
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
  await firstFrameIn(page);
  const { events } = await readTrace(page);
  const at = (kind: string) => events.find((event) => event.kind === kind)!.at;
  return at('first-frame') - at('press');
}

/** The product: the button, the queue, an agent who accepts at once, the room. */
async function wholeProduct({ visitor: page, desk, proxy }: Pages): Promise<CallTrace> {
  await page.goto(`${proxy.url}/demo/site/?lang=en`, { waitUntil: 'networkidle0' });
  await find(desk.mainFrame(), 'combobox', 'Status');
  await clearTrace(desk);
  await press(page.mainFrame(), 'Video call');
  await firstFrameIn(page);
  const call = readCall(await readTrace(page), await readTrace(desk));
  await leaveForGood(page.mainFrame());
  await press(desk.mainFrame(), 'Finish wrap-up');
  await gone(desk.mainFrame(), 'button', 'Finish wrap-up');
  return call;
}

/** All three under one condition, in turn. */
async function measure(pages: Pages, condition: Condition): Promise<Result[]> {
  const { throttling, delay, name } = condition;
  const { visitor, desk, proxy, pair } = pages;
  for (const page of [visitor, desk]) await page.emulateCPUThrottling(throttling);
  await pair.setCondition(throttling, delay);
  proxy.delay(delay);
  const calls: CallTrace[] = [];
  const loops: number[] = [];
  const pairs: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const loop = await bareLoop(pages);
    const paired = await pair.call();
    const call = await wholeProduct(pages);
    if (round === 0) continue; // the first round fills the caches of all
    loops.push(loop);
    pairs.push(paired);
    calls.push(call);
  }
  const product = median(calls.map(({ firstFrame }) => firstFrame));
  const loop = median(loops);
  const allowed = delay > 0 ? loop + MAX_ON_SLOW_LINE_MS : MAX_RATIO * loop;
  const messages = Math.max(...calls.map((call) => call.messages));
  const task = median(calls.map(({ longestTask }) => longestTask));
  console.log(`\n  a median call${name}: ms after the press`);
  for (const line of describeSteps(calls)) console.log(line);
  return [
    {
      name: `press → first remote frame, median${name}`,
      value: product,
      unit: 'ms',
      peers: { 'bare loop': loop, 'bare pair': median(pairs) },
      ratio: product / loop,
      budget:
        delay > 0
          ? `≤ the bare loop + ${MAX_ON_SLOW_LINE_MS} ms`
          : `≤ ${MAX_RATIO} × the bare loop`,
      ok: product <= allowed,
    },
    {
      name: `press → first ICE check, most messages one after another${name}`,
      value: messages,
      unit: 'messages',
      peers: {},
      ratio: null,
      budget: `≤ ${MAX_MESSAGES}, on the open socket`,
      ok: messages <= MAX_MESSAGES,
    },
    {
      name: `the desk’s longest task between accept and first frame, median${name}`,
      value: task,
      unit: 'ms',
      peers: {},
      ratio: null,
      budget: throttling === 1 ? `≤ ${MAX_TASK_MS} ms` : 'none set',
      ok: throttling > 1 || task <= MAX_TASK_MS,
    },
  ];
}

async function run(): Promise<Result[]> {
  const server = await DeskProcess.start();
  try {
    return [...(await measureFirstFrame(server)), ...(await measurePictureBack(server))];
  } finally {
    await server.dispose();
  }
}

async function measureFirstFrame(server: DeskProcess): Promise<Result[]> {
  const proxy = await FaultProxy.start(server.port);
  const browser = await BrowserProfile.open();
  // The agent has another browser: a tab behind another tab gets no frames.
  const agentBrowser = await BrowserProfile.open();
  const bareBrowser = await BrowserProfile.open();
  let pair: BarePair | null = null;
  try {
    const desk = await agentBrowser.openPage('about:blank');
    await desk.evaluateOnNewDocument(recordTrace);
    await desk.goto(`${proxy.url}/desk?lang=en`, { waitUntil: 'load' });
    await signIn(desk.mainFrame(), 'alice');
    await find(desk.mainFrame(), 'combobox', 'Status');
    await desk.evaluate(() =>
      document.querySelector('agent-desk')!.setAttribute('auto-accept', ''),
    );
    const visitor = await browser.browser.newPage();
    await visitor.evaluateOnNewDocument('globalThis.__name = (marked) => marked');
    await visitor.evaluateOnNewDocument(recordTrace);
    pair = await BarePair.start({ visitor, agent: await bareBrowser.browser.newPage() });
    const results: Result[] = [];
    for (const condition of CONDITIONS) {
      results.push(...(await measure({ visitor, desk, proxy, pair }, condition)));
    }
    return results;
  } finally {
    await browser.close();
    await agentBrowser.close();
    await bareBrowser.close();
    await pair?.close();
    await proxy.close();
  }
}

export const firstFrame: Benchmark = { name: 'first-frame', run };
