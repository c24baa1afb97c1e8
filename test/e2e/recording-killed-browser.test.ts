import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as passes } from 'node:timers/promises';
import type { Frame } from 'puppeteer-core';
import type { Recording, RecordingPage } from '../../src/protocol/rest/recordings.ts';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { recordAlways } from '../support/always-recorded.ts';
import { readyRecording } from '../support/await-recording.ts';
import { Browsers } from '../support/browsers.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { has, leaveForGood, meet, press, sees, signIn, wrapUp } from '../support/page-actions.ts';
import type { RestSession } from '../support/rest-session.ts';
import { AGENT_MEDIA, openWithMedia, VISITOR_MEDIA } from '../support/timed-media.ts';
import { assertRecorded, readTimedRecording } from '../support/timed-recording.ts';
import { waitUntil } from '../support/wait-until.ts';
import { watchSegments } from '../support/watch-segments.ts';

/** What a crash of the browser may lose. */
const LOST_MS = 4_000;
/** How long the network is away before the crash. */
const CUT_MS = 7_000;
const SLICES = 4;

describe('a recording whose browser is killed', () => {
  let server: DeskProcess;
  let proxy: FaultProxy;
  let owner: RestSession;
  let browsers: Browsers;
  const profile = mkdtempSync(join(tmpdir(), 'rtc-desk-profile-'));

  before(async () => {
    server = await DeskProcess.start();
    proxy = await FaultProxy.start(server.port);
    ({ olivia: owner } = await recordAlways(server));
  });
  afterEach(async (test) => {
    await browsers.close(test);
  });
  after(async () => {
    await proxy?.close();
    await server?.dispose();
    rmSync(profile, { recursive: true, force: true });
  });

  const open = async (
    media: typeof AGENT_MEDIA,
    address: string,
    userDataDir?: string,
  ): Promise<Frame> => {
    const person = await browsers.person('about:blank', userDataDir ? { userDataDir } : {});
    return openWithMedia(person, media, address);
  };
  const deskAddress = () => `${proxy.url}/desk/demo?lang=en`;

  /** A call that is recorded and of which some slices have arrived. */
  async function recordedCall(userDataDir?: string) {
    browsers = new Browsers();
    const agent = await open(AGENT_MEDIA, deskAddress(), userDataDir);
    const visitor = await open(VISITOR_MEDIA, `${server.url}/demo/site/?lang=en`);
    const { begun, acknowledged } = watchSegments(agent.page());
    await signIn(agent, 'alice');
    await press(visitor, 'Video call');
    await meet(agent, visitor);
    await waitUntil('slices arrive', () => acknowledged.length >= SLICES);
    return { agent, visitor, begunAt: begun[0]! };
  }

  /** Everything until 4 s before the crash is in the file. */
  async function assertAllRecorded(begunAt: number, killedAt: number): Promise<Recording> {
    const recording = await readyRecording(owner, 30_000);
    const page = await browsers.person(`${server.url}/desk/demo`);
    const made = await readTimedRecording(owner, recording, page);
    for (const person of ['agent', 'visitor'] as const) {
      assertRecorded(made, person, [begunAt, killedAt - LOST_MS]);
    }
    return recording;
  }

  it('has what was not sent, once a desk of this agent has sent it', async () => {
    const { agent, visitor, begunAt } = await recordedCall(profile);
    proxy.cut();
    await passes(CUT_MS);
    const killedAt = Date.now();
    await browsers.kill(agent);
    proxy.mend();

    const next = await open(AGENT_MEDIA, deskAddress(), profile);
    // The crash may have taken the session with it: the browser writes what a page stores a minute later.
    await waitUntil('the desk is open', async () => {
      if (await has(next, 'button', 'End call')) return true;
      if (await has(next, 'button', 'Sign in')) await signIn(next, 'alice');
      return false;
    });
    await sees(visitor, 'This call is being recorded');
    await press(next, 'End call');
    // The next test calls the same agent.
    await wrapUp(next);
    const { manifest } = await assertAllRecorded(begunAt, killedAt);
    const cut = manifest!.segments.filter(({ startedAt }) => startedAt < killedAt);
    assert.ok(
      cut.every(({ complete }) => complete),
      JSON.stringify(manifest),
    );
  });

  it('has what the server had, ten minutes after the last of it, if no desk comes back', async () => {
    const { agent, visitor, begunAt } = await recordedCall();
    const killedAt = Date.now();
    await browsers.kill(agent);
    await leaveForGood(visitor);
    await waitUntil('the call is over, and the rest is awaited', async () => {
      const { items } = await owner.send<RecordingPage>('GET', '/recordings');
      return items[0]?.state === 'uploading';
    });

    await server.kill('SIGTERM');
    const database = await openDatabase({ dataDir: server.dataDir, nodeId: randomUUID() });
    const { rowCount } = await database.query(
      `update recording_segments set heard_at = heard_at - interval '10 minutes'
        where completed_at is null`,
      [],
    );
    await database.close();
    assert.equal(rowCount, 1);
    await server.start();
    const { manifest } = await assertAllRecorded(begunAt, killedAt);
    assert.deepEqual(
      manifest!.segments.map(({ complete }) => complete),
      [false],
    );
  });
});
