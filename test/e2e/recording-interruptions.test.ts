import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as passes } from 'node:timers/promises';
import type { Frame } from 'puppeteer-core';
import type { CallRecord } from '../../src/protocol/rest/calls.ts';
import { readyRecording } from '../support/await-recording.ts';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { MediaPath } from '../support/media-path.ts';
import { find, meet, press, seesAndHears, sees, signIn } from '../support/page-actions.ts';
import { recordingSettings } from '../support/recording-settings.ts';
import { RestSession } from '../support/rest-session.ts';
import { watchSegments, type WatchedSegments } from '../support/watch-segments.ts';
import { AGENT_MEDIA, openWithMedia, setSecret, VISITOR_MEDIA } from '../support/timed-media.ts';
import {
  assertRecorded,
  readTimedRecording,
  type Span,
  type TimedRecording,
} from '../support/timed-recording.ts';
import { waitUntil } from '../support/wait-until.ts';

const PLAIN_MS = 5_000;
const PAUSE_MS = 4_000;
const HIDDEN_MS = 6_000;
const CUT_MS = 20_000;
/** What the two people do arrives in the recording after this time at the latest. */
const ARRIVAL_MS = 2_000;

describe('a recording through a pause, a hidden tab, a lost network and a reload', () => {
  let server: DeskProcess;
  let proxy: FaultProxy;
  let path: MediaPath;
  let owner: RestSession;
  let visitor: Frame;
  let agent: Frame;
  let segments: WatchedSegments;
  const browsers = new Browsers();
  /** When the page was reloaded, by the clock of this test. */
  let reloaded = 0;
  /** When the agent saw and heard the visitor. */
  const together: Span[] = [];
  const pause: [number, number] = [0, 0];
  const hidden: [number, number] = [0, 0];
  const cut: [number, number] = [0, 0];

  before(async () => {
    server = await DeskProcess.start();
    proxy = await FaultProxy.start(server.port);
    path = new MediaPath();
    owner = await RestSession.signIn(server.url, 'demo', 'olivia', 'demo');
    await owner.send('PATCH', '/site', { recording: recordingSettings() });
    const open = async (media: typeof AGENT_MEDIA, address: string): Promise<Frame> => {
      const person = await browsers.person('about:blank');
      await path.install(person.page());
      return openWithMedia(person, media, address);
    };
    agent = await open(AGENT_MEDIA, `${proxy.url}/desk/demo?lang=en`);
    visitor = await open(VISITOR_MEDIA, `${server.url}/demo/site/?lang=en`);
    segments = watchSegments(agent.page());
    await signIn(agent, 'alice');
    await press(visitor, 'Video call');
    await meet(agent, visitor);
  });
  afterEach((test) => browsers.report(test));
  after(async () => {
    await browsers.close();
    await path?.close();
    await proxy?.close();
    await server?.dispose();
  });

  it('pauses', async () => {
    await press(agent, 'Record');
    await sees(visitor, 'This call is being recorded');
    const begun = Date.now();
    await passes(PLAIN_MS);
    together.push([begun + ARRIVAL_MS, Date.now()]);
    await press(agent, 'Pause recording');
    await sees(visitor, 'The recording is paused');
    await find(agent, 'button', 'Resume recording');
    pause[0] = Date.now();
    for (const person of [agent, visitor]) await setSecret(person.page(), true);
    await passes(PAUSE_MS);
    for (const person of [agent, visitor]) await setSecret(person.page(), false);
    await passes(ARRIVAL_MS);
    pause[1] = Date.now();
  });

  it('goes on in a hidden tab', async () => {
    await press(agent, 'Resume recording');
    await sees(visitor, 'This call is being recorded');
    const begun = Date.now();
    const other = await agent.page().browser().newPage();
    await other.bringToFront();
    await waitUntil('the desk is hidden', () => agent.evaluate(() => document.hidden));
    hidden[0] = Date.now();
    await passes(HIDDEN_MS);
    hidden[1] = Date.now();
    assert.equal(await agent.evaluate(() => document.hidden), true);
    await other.close();
    await agent.page().bringToFront();
    together.push([begun + ARRIVAL_MS, hidden[1]]);
  });

  it('goes on without a network, which everybody is told of', async () => {
    cut[0] = Date.now();
    proxy.cut();
    path.cut();
    await sees(visitor, 'The recording is interrupted, and may go on');
    await passes(CUT_MS - (Date.now() - cut[0]));
    proxy.mend();
    path.mend();
    cut[1] = Date.now();
    await sees(visitor, 'This call is being recorded');
    await Promise.all([seesAndHears(agent), seesAndHears(visitor)]);
    together.push([Date.now() + ARRIVAL_MS, Date.now() + PLAIN_MS]);
    await passes(PLAIN_MS);
  });

  it('goes on after a reload of the agent’s page', async () => {
    // A reload loses the slice that is being recorded: it comes when a slice was acknowledged.
    const { acknowledged, begun } = segments;
    const [slices, before] = [acknowledged.length, begun.length];
    reloaded = await waitUntil('a slice arrives', () => acknowledged[slices]);
    await agent.page().reload();
    agent = agent.page().mainFrame();
    await seesAndHears(agent);
    together.push([Date.now() + ARRIVAL_MS, Date.now() + PLAIN_MS]);
    await passes(PLAIN_MS);
    await waitUntil('a segment has begun', () => begun[before]);
    await press(agent, 'Stop recording');
    await sees(visitor, 'The recording has ended');
  });

  describe('the file', () => {
    let made: TimedRecording;
    /** When something was recorded, as the call's events say. */
    let recorded: readonly Span[];
    before(async () => {
      await press(agent, 'End call');
      const recording = await readyRecording(owner, 30_000);
      const { events } = await owner.send<CallRecord>('GET', `/calls/${recording.call}`);
      const [started, paused, resumed, stopped] = ['started', 'paused', 'resumed', 'stopped'].map(
        (step) => events.find(({ type }) => type === `recording-${step}`)!.at,
      ) as [number, number, number, number];
      recorded = [
        [started, paused],
        [resumed, reloaded],
        // The page says when it went on; what is seen and heard at each moment below proves it.
        [recording.manifest!.segments.at(-1)!.startedAt, stopped],
      ];
      assert.equal(recording.files.length, 1, JSON.stringify(recording.files));
      const page = await browsers.person(`${server.url}/desk/demo`);
      made = await readTimedRecording(owner, recording, page);
    });

    it('is as long as what was recorded', () => {
      const expected = recorded.reduce((sum, [from, to]) => sum + to - from, 0) / 1_000;
      const { seconds, recording } = made;
      const report = JSON.stringify({ expected, seconds, recorded, manifest: recording.manifest });
      assert.ok(Math.abs(seconds - expected) < 1, report);
      assert.ok(Math.abs(recording.files[0]!.seconds - seconds) < 0.2, report);
    });

    it('shows and sounds each person at each moment', () => {
      // All of the agent, also from the hidden tab and without a network.
      for (const span of recorded) assertRecorded(made, 'agent', span);
      for (const span of together) assertRecorded(made, 'visitor', span);
      for (const span of [hidden, cut]) {
        assert.ok(recorded.some(([from, to]) => from <= span[0] && span[1] <= to));
      }
    });

    it('has nothing of the pause', () => {
      const { frames, sounds, segments } = made;
      assert.deepEqual(
        [...frames, ...sounds].filter(({ secret }) => secret),
        [],
      );
      const inPause = segments.filter(
        ({ startedAt, durationMs }) =>
          startedAt < pause[1] && startedAt + durationMs > pause[0] + ARRIVAL_MS,
      );
      assert.deepEqual(inPause, []);
    });
  });
});
