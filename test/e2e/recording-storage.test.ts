import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Recording } from '../../src/protocol/rest/recordings.ts';
import { beginRecordedCall, recordAlways } from '../support/always-recorded.ts';
import { DeskProcess } from '../support/desk-process.ts';
import { largeSegment } from '../support/large-segment.ts';
import { SegmentSender } from '../support/recording-parts.ts';
import type { RestSession } from '../support/rest-session.ts';
import { S3StandIn, type S3Operation } from '../support/s3-stand-in.ts';
import { waitUntil } from '../support/wait-until.ts';

const MIB = 1024 * 1024;
const SLICE_BYTES = 4 * MIB;
/** The server is killed at each of these, once before it is carried out and once before it is answered. */
const STEPS: readonly (readonly [S3Operation, number])[] = [
  ['begin', 1],
  ['part', 1],
  ['part', 2],
  ['complete', 1],
  ['get', 1],
];

describe('a recording on its way to an object store, through a server that is killed', () => {
  let s3: S3StandIn;
  let desk: DeskProcess;
  let olivia: RestSession;
  let token: string;

  before(async () => {
    s3 = await S3StandIn.open();
    desk = await DeskProcess.start({ environment: s3.environment });
    ({ olivia, token } = await recordAlways(desk));
  });
  after(async () => {
    await desk?.dispose();
    await s3?.close();
  });

  const crash = async () => {
    await desk.kill('SIGKILL');
    await desk.start();
  };
  const read = (id: string) => olivia.send<Recording>('GET', `/recordings/${id}`);
  async function hashOf(id: string): Promise<string> {
    const response = await fetch(`${desk.url}/api/v1/recordings/${id}/file`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 200, desk.output);
    return createHash('sha256')
      .update(Buffer.from(await response.arrayBuffer()))
      .digest('hex');
  }

  /** A call with these bytes as its recording. Resolves to the recording's id. */
  async function recorded(bytes: Buffer): Promise<string> {
    const { agent, visitor, callId, id } = await beginRecordedCall(desk, token);
    const segment = new SegmentSender(desk.url, token, id);
    assert.equal((await segment.begin()).status, 201);
    for (let at = 0; at < bytes.length; at += SLICE_BYTES) {
      await segment.send(bytes.subarray(at, at + SLICE_BYTES));
    }
    assert.equal((await segment.complete()).status, 204);
    await agent.command({ type: 'end-call', callId });
    await Promise.all([agent.close(), visitor.close()]);
    return id;
  }

  it('is there once and whole, wherever the server dies', async () => {
    const restarts: Promise<void>[] = [];
    const left = STEPS.flatMap(([operation, number]) => [
      { operation, number, when: 'before' as const },
      { operation, number, when: 'after' as const },
    ]);
    /** Kills the server at the next step of the list. Resolves when the process is gone. */
    const at = async (when: 'before' | 'after', operation: S3Operation, number: number) => {
      const [next] = left;
      if (next?.operation !== operation || next.number !== number || next.when !== when) return;
      left.shift();
      await desk.kill('SIGKILL');
      restarts.push(desk.start());
    };
    s3.before = async ({ operation, query }) => {
      await at('before', operation, Number(query.get('partNumber') ?? 1));
    };
    s3.after = async ({ operation, query }) => {
      await at('after', operation, Number(query.get('partNumber') ?? 1));
    };

    const id = await recorded(await largeSegment(100, 100_000));
    await waitUntil('the server was killed at each step', () => left.length === 0, 120_000);
    await Promise.all(restarts);
    await waitUntil('the file is moved', async () => (await movedFiles()) === 1, 60_000);
    const { manifest, moveFailure } = await read(id);
    assert.equal(moveFailure, null);
    assert.equal(s3.objects.size, 1, 'nothing is there twice');
    assert.equal(await hashOf(id), manifest?.files[0]?.sha256, 'nothing is lost');
    await crash();
    assert.equal(await hashOf(id), manifest?.files[0]?.sha256);
  });

  /** Files that are in the object store, by the metrics: none is on its way. */
  async function movedFiles(): Promise<number> {
    const text = await (await fetch(`${desk.url}/metrics`)).text();
    const moving = /rtc_desk_recording_files\{state="moving"\} (\d+)/.exec(text)?.[1];
    return moving === '0' ? s3.objects.size : 0;
  }
});
