import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { BufferSource, Input, MP4, WEBM } from 'mediabunny';
import type { Recording, RecordingPage } from '../../src/protocol/rest/recordings.ts';
import { beginRecordedCall, recordAlways } from '../support/always-recorded.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { ProtocolClient } from '../support/protocol-client.ts';
import { SegmentSender } from '../support/recording-parts.ts';
import type { RestSession } from '../support/rest-session.ts';

const RECORDED = readFileSync('test/server/recordings/h264.webm');
const SECONDS = 2.2;
const WAIT_MS = 60_000;

describe('a recording through a server that is killed', () => {
  let desk: DeskProcess;
  let olivia: RestSession;
  let token: string;

  before(async () => {
    desk = await DeskProcess.start();
    ({ olivia, token } = await recordAlways(desk));
  });
  after(() => desk?.dispose());

  const crash = async () => {
    await desk.kill('SIGKILL');
    await desk.start();
  };
  async function ready(id: string): Promise<Recording> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const recording = await olivia.send<Recording>('GET', `/recordings/${id}`);
      if (recording.state === 'ready') return recording;
      if (Date.now() > deadline || recording.state === 'failed') {
        throw new Error(`${JSON.stringify(recording)}\n${desk.output}`);
      }
      await delay(100);
    }
  }

  it('loses nothing that was acknowledged, and has nothing twice', async () => {
    const { agent, visitor, callId, id } = await beginRecordedCall(desk, token);

    const segments = [1, 2].map(() => new SegmentSender(desk.url, token, id));
    for (const segment of segments) assert.equal((await segment.begin()).status, 201);
    const [first, second] = segments as [SegmentSender, SegmentSender];
    const half = Math.floor(RECORDED.length / 2);
    await first.send(RECORDED.subarray(0, half));
    await crash();
    const head = await first.head();
    assert.equal(head.headers.get('upload-offset'), String(half), 'what was acknowledged is there');
    await first.send(RECORDED.subarray(half));
    await first.complete();
    await second.send(RECORDED);
    await crash();
    await second.complete();

    const back = await ProtocolClient.join(desk.url, { role: 'agent', token, fresh: true });
    await back.command({ type: 'end-call', callId });
    // While the parts are put together, or before, or after: whatever it hits.
    await crash();
    const { files, manifest } = await ready(id);
    await crash();
    assert.deepEqual(
      manifest?.segments.map(({ bytes, part, complete }) => [bytes, part, complete]),
      [
        [RECORDED.length, 1, true],
        [RECORDED.length, 1, true],
      ],
    );
    const response = await fetch(`${desk.url}/api/v1/recordings/${id}/file`, {
      headers: { authorization: `Bearer ${token}`, range: 'bytes=0-' },
    });
    assert.deepEqual([response.status, response.headers.get('content-type')], [206, 'video/mp4']);
    const bytes = new Uint8Array(await response.arrayBuffer());
    assert.equal(bytes.length, files[0]?.bytes);
    const input = new Input({ formats: [WEBM, MP4], source: new BufferSource(bytes) });
    const seconds = await input.computeDuration();
    assert.ok(Math.abs(seconds - 2 * SECONDS) < 0.5, `${seconds} s`);
    input.dispose();
    const page = await olivia.send<RecordingPage>('GET', `/recordings?call=${callId}`);
    assert.equal(page.items.length, 1);
    const folder = readdirSync(join(desk.dataDir, 'recordings', id));
    assert.equal(folder.filter((name) => name.endsWith('.segment')).length, 2);
    await Promise.all([agent.close(), visitor.close(), back.close()]);
  });
});
