import type { Frame } from 'puppeteer-core';
import { setTimeout as delay } from 'node:timers/promises';
import type { Recording } from '../../src/protocol/rest/recordings.ts';
import { beginRecordedCall, recordAlways } from '../support/always-recorded.ts';
import { readyRecording } from '../support/await-recording.ts';
import { BrowserProfile } from '../support/browser-profile.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { find, meet, press, signIn, wrapUp } from '../support/page-actions.ts';
import { SegmentSender } from '../support/recording-parts.ts';
import { recordingSettings } from '../support/recording-settings.ts';
import { RestSession } from '../support/rest-session.ts';
import { waitUntil } from '../support/wait-until.ts';
import { coreShare } from './browser-cpu.ts';
import { convertInMemory, repeatRecording } from './repeat-recording.ts';
import { median, type Benchmark, type Result } from './result.ts';

const ROUNDS = 3;
const ROUND_MS = 8_000;
/** Until a recording that has begun or ended uses the processor evenly. */
const SETTLE_MS = 2_000;
/** What H.264 may cost more, in percent of a core. */
const MAX_SHARE = 10;

const MINUTES = 28;
const SLICE_SECONDS = 2;
const MAX_SECONDS = 10;

/** A call between two browsers that the agent records every other round. Resolves to the shares, and to the file. */
async function measureShare(desk: DeskProcess): Promise<{ results: Result[]; file: Buffer }> {
  const owner = await RestSession.signIn(desk.url, 'demo', 'olivia', 'demo');
  await owner.send('PATCH', '/site', { recording: recordingSettings() });
  const agentBrowser = await BrowserProfile.open();
  const visitorBrowser = await BrowserProfile.open();
  try {
    const agent = (await agentBrowser.openPage(`${desk.url}/desk/demo?lang=en`)).mainFrame();
    const visitor = (await visitorBrowser.openPage(`${desk.url}/demo/site/?lang=en`)).mainFrame();
    await signIn(agent, 'alice');
    await press(visitor, 'Video call');
    await meet(agent, visitor);
    console.log(await describeEncoder(agent));
    const plain: number[] = [];
    const recorded: number[] = [];
    const share = () => coreShare(agentBrowser.browser, () => delay(ROUND_MS));
    for (let round = 0; round < ROUNDS; round += 1) {
      await delay(SETTLE_MS);
      plain.push(await share());
      await pressHere(agent, round === 0 ? 'Record' : 'Resume recording');
      await find(agent, 'button', 'Pause recording');
      await delay(SETTLE_MS);
      recorded.push(await share());
      await pressHere(agent, 'Pause recording');
      await find(agent, 'button', 'Resume recording');
    }
    await press(agent, 'End call');
    const { id } = await readyRecording(owner);
    const file = await owner.read(`/recordings/${id}/file`);
    await wrapUp(agent);
    const [with_, without] = [median(recorded), median(plain)];
    const more = with_ - without;
    return {
      file,
      results: [
        {
          name: 'a call that the agent’s browser records: its share of a core, median',
          value: with_,
          unit: '%',
          peers: { 'the same call, not recorded': without },
          ratio: with_ / without,
          budget: `≤ ${MAX_SHARE} % of a core more with H.264`,
          ok: more <= MAX_SHARE,
        },
      ],
    };
  } finally {
    await agentBrowser.close();
    await visitorBrowser.close();
  }
}

/** Clicks within the page. A busy page may replace the button while a mouse moves to it. */
async function pressHere(frame: Frame, name: string): Promise<void> {
  const button = await find(frame, 'button', name);
  await button.evaluate((one) => (one as HTMLElement).click());
}

/** In which format the browser records, and by which means. */
function describeEncoder(agent: Frame): Promise<string> {
  return agent.evaluate(async () => {
    const format = 'video/webm;codecs=h264,opus';
    if (!MediaRecorder.isTypeSupported(format)) return 'This browser has no H.264: it records VP8.';
    const { supported } = await VideoEncoder.isConfigSupported({
      ...{ codec: 'avc1.42e01f', width: 1_280, height: 480, framerate: 20 },
      hardwareAcceleration: 'prefer-hardware',
    });
    return supported
      ? 'This browser encodes H.264 by the machine’s encoder.'
      : 'This machine has no encoder for H.264: the browser encodes it by the processor.';
  });
}

/** From the end of a call to its recording, of which 28 minutes have arrived. `file`: what is repeated. */
async function measureJoin(desk: DeskProcess, file: Buffer): Promise<Result[]> {
  const segment = await repeatRecording(file, MINUTES * 60);
  const { olivia, token } = await recordAlways(desk);
  const { agent, visitor, callId, id } = await beginRecordedCall(desk, token);
  const sender = new SegmentSender(desk.url, token, id);
  await sender.begin(Date.now(), 'video/webm;codecs=h264,opus');
  const bytes = Math.ceil((segment.length * SLICE_SECONDS) / (MINUTES * 60));
  for (let at = 0; at < segment.length; at += bytes) {
    await sender.send(segment.subarray(at, at + bytes));
  }
  await sender.complete(MINUTES * 60_000);
  const begin = performance.now();
  await agent.command({ type: 'end-call', callId });
  const ready = await waitUntil(
    'the recording is ready',
    async () => {
      const recording = await olivia.send<Recording>('GET', `/recordings/${id}`);
      return recording.state === 'ready' && recording;
    },
    120_000,
  );
  const first = await fetch(`${desk.url}/api/v1/recordings/${id}/file`, {
    headers: { authorization: `Bearer ${token}`, range: 'bytes=0-65535' },
  });
  await first.arrayBuffer();
  const seconds = (performance.now() - begin) / 1_000;
  if (first.status !== 206) throw new Error(`the file: ${first.status}`);
  const made = ready.files[0]!;
  console.log(`${made.seconds} s of recording, ${Math.round((made.bytes ?? 0) / 2 ** 20)} MiB`);
  await Promise.all([agent.close(), visitor.close()]);
  const alone = await convertInMemory(segment);
  return [
    {
      name: `the end of a call → its recording can be played, ${MINUTES} minutes`,
      value: seconds,
      unit: 's',
      peers: { 'mediabunny’s conversion in memory': alone },
      ratio: seconds / alone,
      budget: `≤ ${MAX_SECONDS} s`,
      ok: seconds <= MAX_SECONDS,
    },
  ];
}

async function run(): Promise<Result[]> {
  const desk = await DeskProcess.start();
  try {
    const { results, file } = await measureShare(desk);
    return [...results, ...(await measureJoin(desk, file))];
  } finally {
    await desk.dispose();
  }
}

export const recording: Benchmark = { name: 'recording', run };
