import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Frame } from 'puppeteer-core';
import { axeViolations } from '../support/axe.ts';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import {
  find,
  gone,
  has,
  meet,
  press,
  seesAndHears,
  sees,
  signIn,
} from '../support/page-actions.ts';
import { readyRecording } from '../support/await-recording.ts';
import { recordingSettings } from '../support/recording-settings.ts';
import { RestSession } from '../support/rest-session.ts';
import { waitUntil } from '../support/wait-until.ts';

const WORDS = 'Our regulator wants this call on record.';
/** Slices of two seconds that each part of the recording has at least. */
const PART_SLICES = 3;
/** Longer than the tolerance of the length, so that a pause that was recorded would be seen. */
const PAUSE_MS = 6_000;

const passes = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a call that the agent records', { timeout: 300_000 }, () => {
  let server: DeskProcess;
  let owner: RestSession;
  const browsers = new Browsers();
  let visitor: Frame;
  let agent: Frame;
  /** While somebody was recorded, in ms. */
  let recorded = 0;
  let begun = 0;
  /** How many slices the server has acknowledged. */
  let taken = 0;

  before(async () => {
    server = await DeskProcess.start();
    owner = await RestSession.signIn(server.url, 'demo', 'olivia', 'demo');
    await owner.send('PATCH', '/site', {
      recording: recordingSettings({ askFirst: true, text: { en: WORDS } }),
    });
    agent = await browsers.desk(server.url);
    agent.page().on('response', (response) => {
      if (response.request().method() === 'PATCH' && response.status() === 204) taken += 1;
    });
    visitor = await browsers.visitor(server.url);
    await signIn(agent, 'alice');
    await press(visitor, 'Video call');
    await meet(agent, visitor);
  });
  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  const recordPart = async () => {
    const before = taken;
    await waitUntil('the server has the slices', () => taken >= before + PART_SLICES);
  };

  it('asks the visitor first, in the words of the site, and begins after the answer', async () => {
    await press(agent, 'Record');
    await sees(agent, 'The visitor is asked about the recording…');
    await find(visitor, 'alertdialog', 'May we record this call?');
    await sees(visitor, WORDS);
    assert.deepEqual(await axeViolations(visitor), []);
    await press(visitor, 'Yes, you may record');
    await sees(visitor, 'This call is being recorded');
    begun = Date.now();
    await find(agent, 'button', 'Pause recording');
    await sees(agent, 'This call is being recorded');
    assert.deepEqual(await axeViolations(agent), []);
    await recordPart();
  });

  it('pauses, which both see', async () => {
    await press(agent, 'Pause recording');
    await sees(visitor, 'The recording is paused');
    recorded += Date.now() - begun;
    await press(visitor, 'Turn camera off');
    await passes(PAUSE_MS);
    await press(visitor, 'Turn camera on');
    await seesAndHears(agent);
    await press(agent, 'Resume recording');
    await sees(visitor, 'This call is being recorded');
    begun = Date.now();
    await recordPart();
  });

  it('goes on after a reload of the agent’s page', async () => {
    recorded += Date.now() - begun;
    await agent.page().reload();
    agent = agent.page().mainFrame();
    await find(agent, 'button', 'Stop recording');
    await seesAndHears(agent);
    begun = Date.now();
    await recordPart();
    await press(agent, 'Stop recording');
    await sees(visitor, 'The recording has ended');
    recorded += Date.now() - begun;
    assert.equal(await has(agent, 'button', 'Record'), true);
  });

  it('is one file in the end, of the right length, with nothing of the pause', async () => {
    await press(agent, 'End call');
    const ready = await readyRecording(owner);
    const { manifest } = ready;
    assert.equal(manifest!.segments.length, 3);
    assert.ok(
      manifest!.segments.every(({ slices, complete }) => slices >= PART_SLICES && complete),
      JSON.stringify(manifest!.segments),
    );
    assert.equal(ready.files.length, 1, JSON.stringify(ready.files));
    const { seconds, mime } = ready.files[0]!;
    assert.ok(Math.abs(seconds - recorded / 1000) < 5, `${seconds} of ${recorded / 1000} s`);

    const file = await owner.read(`/recordings/${ready.id}/file`);
    const shown = await decode(await browsers.person(`${server.url}/desk/demo`), file, mime);
    assert.ok(Math.abs(shown.seconds - seconds) < 1, JSON.stringify({ ...shown, seconds }));
    assert.ok(shown.frames > 60, JSON.stringify(shown));
    // A picture in both halves, but for the moment in which a segment begins.
    assert.ok(shown.left > shown.frames * 0.9, JSON.stringify(shown));
    assert.ok(shown.right > shown.frames * 0.9, JSON.stringify(shown));
    assert.ok(shown.sound > 0.01, JSON.stringify(shown));
    assert.deepEqual(browsers.complaints(agent), []);
    assert.deepEqual(browsers.complaints(visitor), []);
  });
});

describe('a visitor who refuses to be recorded', { timeout: 120_000 }, () => {
  let server: DeskProcess;
  const browsers = new Browsers();
  before(async () => {
    server = await DeskProcess.start();
    const owner = await RestSession.signIn(server.url, 'demo', 'olivia', 'demo');
    await owner.send('PATCH', '/site', { recording: recordingSettings({ askFirst: true }) });
  });
  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await server?.dispose();
  });

  it('goes on unrecorded where the site says so, and both see it', async () => {
    const agent = await browsers.desk(server.url);
    const visitor = await browsers.visitor(server.url);
    await signIn(agent, 'alice');
    await press(visitor, 'Video call');
    await meet(agent, visitor);
    await press(agent, 'Record');
    await press(visitor, 'No, do not record');
    await sees(visitor, 'This call is not recorded');
    await sees(agent, 'The visitor refused the recording');
    await gone(visitor, 'alertdialog', 'May we record this call?');
    await seesAndHears(visitor);
    assert.equal(await has(agent, 'button', 'Pause recording'), false);
  });
});

interface Decoded {
  readonly seconds: number;
  readonly frames: number;
  /** Frames with a picture in the visitor's and in the agent's half. */
  readonly left: number;
  readonly right: number;
  /** The loudest sample. */
  readonly sound: number;
}

/** Decodes the file in a page without a policy. */
async function decode(person: Frame, file: Buffer, type: string): Promise<Decoded> {
  const page = person.page();
  await page.goto('about:blank');
  return page.evaluate(
    async (base64, mime) => {
      const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
      const video = document.createElement('video');
      video.muted = true;
      video.src = URL.createObjectURL(new Blob([bytes], { type: mime }));
      const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })!;
      const found = { frames: 0, left: 0, right: 0 };
      // An empty tile is darker than any part of the picture of the fake camera.
      const isPicture = (x: number) => {
        const [r, g, b] = pen.getImageData(x, 100, 1, 1).data;
        return Math.max(r!, g!, b!) > 90;
      };
      const read = () => {
        [pen.canvas.width, pen.canvas.height] = [video.videoWidth, video.videoHeight];
        pen.drawImage(video, 0, 0);
        found.frames += 1;
        if (isPicture(60)) found.left += 1;
        if (isPicture(700)) found.right += 1;
        video.requestVideoFrameCallback(read);
      };
      video.requestVideoFrameCallback(read);
      video.playbackRate = 2;
      await video.play();
      await new Promise((resolve, reject) => {
        video.onended = resolve;
        video.onerror = () => reject(new Error(video.error?.message));
      });
      const sound = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes.buffer);
      const loudest = sound
        .getChannelData(0)
        .reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
      return { seconds: video.duration, ...found, sound: loudest };
    },
    file.toString('base64'),
    type,
  );
}
