import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { RecordingFolder } from '../../../src/server/recordings/recording-folder.ts';
import { unwrapRecordingKey } from '../../../src/server/recordings/recording-key.ts';
import { SegmentReader } from '../../../src/server/recordings/slice-frames.ts';
import { onBothDatabases } from '../../support/databases.ts';
import {
  endRecordedCall,
  writeRecordedCall,
  type RecordedCall,
} from '../../support/recorded-call.ts';
import { chainOf, SegmentSender } from '../../support/recording-parts.ts';
import { openSession, writeAgent, writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { HttpFixture, key } from './http-fixture.ts';
import { codeOf } from './rest-client.ts';

describe('the upload of recordings', () => {
  onBothDatabases((test) => {
    let path: string;
    let free: number;
    let folder: RecordingFolder;
    let http: HttpFixture;
    let acme: ConsoleSite;
    let call: RecordedCall;

    before(async () => {
      path = await mkdtemp(join(tmpdir(), 'rtc-desk-recordings-'));
      folder = new RecordingFolder(path, () => Promise.resolve(free));
      http = await HttpFixture.open(test.db, { recordingFolder: folder });
    });
    after(async () => {
      await http?.close();
      await rm(path, { recursive: true, force: true });
    });
    beforeEach(async () => {
      free = 2 ** 40;
      acme = await writeConsoleSite(test.db, 'acme');
      call = await writeRecordedCall(test.db, { site: 'acme', agent: acme.agents.agent });
    });

    const sender = (token = acme.tokens.agent) =>
      new SegmentSender(http.url, token, call.recording);
    /** What is stored of a segment, decrypted. */
    async function stored({ id }: SegmentSender): Promise<Buffer> {
      const { rows } = await test.db.query<{ slices: number; wrapped_key: Buffer }>(
        `select s.slices, r.wrapped_key from recording_segments s join recordings r on r.id = s.recording_id
          where s.id = $1`,
        [id],
      );
      const { slices, wrapped_key } = rows[0]!;
      const opened = unwrapRecordingKey(key, call.recording, wrapped_key);
      const reader = new SegmentReader(folder.segmentFile(call.recording, id), opened, id, slices);
      try {
        return Buffer.from(reader.read(0, reader.size));
      } finally {
        reader.close();
      }
    }
    async function begun(token?: string): Promise<SegmentSender> {
      const segment = sender(token);
      assert.equal((await segment.begin()).status, 201);
      return segment;
    }

    it('stores slices in their order, encrypted, and tells how much it has', async () => {
      const segment = await begun();
      const slices = [
        randomBytes(1_000),
        Buffer.from('words of a visitor'),
        randomBytes(2_000_000),
      ];
      for (const slice of slices) await segment.send(slice);
      const head = await segment.head();
      assert.equal(head.headers.get('upload-offset'), String(segment.offset));
      assert.equal(head.headers.get('slice-chain'), segment.chain);
      assert.deepEqual(await stored(segment), Buffer.concat(slices));
      const file = await readFile(folder.segmentFile(call.recording, segment.id));
      assert.equal(file.includes('words of a visitor'), false);
      assert.equal((await segment.complete()).status, 204);
      assert.equal((await segment.complete()).status, 204, 'again');
      assert.equal((await segment.complete(2_000, 1)).status, 409, 'with other bytes');
      const late = await segment.patch(
        slices[0]!,
        segment.offset,
        chainOf(segment.chain, slices[0]!),
      );
      assert.deepEqual([late.status, await codeOf(late)], [409, 'conflict']);
    });

    it('begins a segment once, in the order in which they come', async () => {
      const [first, second] = [await begun(), await begun()];
      const again = await first.begin();
      assert.equal(again.status, 200);
      const { id, ordinal, offset, chain, complete } = (await again.json()) as Record<
        string,
        unknown
      >;
      assert.deepEqual([id, ordinal, offset, chain, complete], [first.id, 1, 0, null, false]);
      assert.equal(((await (await second.begin()).json()) as { ordinal: number }).ordinal, 2);
    });

    it('answers a slice that comes twice as before, and stores it once', async () => {
      const segment = await begun();
      await segment.send(randomBytes(10));
      const slice = randomBytes(100);
      const chain = chainOf(segment.chain, slice);
      const answers = await Promise.all([1, 2, 3].map(() => segment.patch(slice, 10, chain)));
      for (const answer of answers) {
        assert.deepEqual([answer.status, answer.headers.get('upload-offset')], [204, '110']);
      }
      assert.equal((await stored(segment)).length, 110);
    });

    it('refuses slices out of order, and says where to go on', async () => {
      const segment = await begun();
      await segment.send(randomBytes(10));
      for (const offset of [0, 5, 11, 1_000]) {
        const slice = randomBytes(20);
        const answer = await segment.patch(slice, offset, chainOf(segment.chain, slice));
        const body = (await answer.json()) as { code: string; offset: number };
        assert.deepEqual([answer.status, body.code, body.offset], [409, 'upload-offset', 10]);
      }
      assert.equal((await stored(segment)).length, 10);
    });

    it('refuses a slice with a wrong hash', async () => {
      const segment = await begun();
      await segment.send(randomBytes(10));
      const slice = randomBytes(20);
      const right = chainOf(segment.chain, slice);
      slice[7]! ^= 1;
      for (const wrong of [right, chainOf(null, slice)]) {
        const answer = await segment.patch(slice, 10, wrong);
        assert.deepEqual([answer.status, await codeOf(answer)], [422, 'slice-changed']);
      }
      const broken = await segment.patch(slice, 10, 'abc');
      assert.equal(broken.status, 400);
      assert.equal((await stored(segment)).length, 10);
    });

    it('refuses a slice over 4 MiB, and an empty one', async () => {
      const segment = await begun();
      const large = randomBytes(4 * 1024 * 1024 + 1);
      const answer = await segment.patch(large, 0, chainOf(null, large));
      assert.deepEqual([answer.status, await codeOf(answer)], [413, 'slice-too-large']);
      assert.equal(
        (await segment.patch(Buffer.alloc(0), 0, chainOf(null, Buffer.alloc(0)))).status,
        400,
      );
      await segment.send(randomBytes(4 * 1024 * 1024));
    });

    it('shows a segment to nobody but the agent who has begun it', async () => {
      const segment = await begun();
      await segment.send(randomBytes(10));
      const colleague = await openSession(
        test.db,
        await writeAgent(test.db, 'acme', 'colleague', 'agent', ['help']),
      );
      const other = await writeConsoleSite(test.db, 'other');
      const strangers = [
        colleague,
        acme.tokens.supervisor,
        acme.tokens.owner,
        other.tokens.agent,
        other.tokens.owner,
      ];
      for (const token of strangers) {
        const stranger = new SegmentSender(http.url, token, call.recording);
        assert.equal((await stranger.begin()).status, 404);
        Object.assign(stranger, { id: segment.id });
        const slice = randomBytes(5);
        for (const answer of [
          await stranger.begin(),
          await stranger.head(),
          await stranger.patch(slice, 10, chainOf(segment.chain, slice)),
          await stranger.complete(1, 10, segment.chain),
        ]) {
          assert.equal(answer.status, 404);
        }
      }
      const nobody = new SegmentSender(http.url, 'x'.repeat(43), call.recording);
      assert.equal((await nobody.begin()).status, 401);
      assert.equal((await stored(segment)).length, 10);
    });

    it('takes nothing while the visitor has not agreed, and nothing after a refusal', async () => {
      for (const state of ['asked', 'refused']) {
        await test.db.query('update recordings set state = $2, started_at = null where id = $1', [
          call.recording,
          state,
        ]);
        const answer = await sender().begin();
        assert.deepEqual([answer.status, await codeOf(answer)], [409, 'conflict'], state);
      }
    });

    it('takes what was recorded also after the call, for a day', async () => {
      const segment = await begun();
      await endRecordedCall(test.db, call);
      await segment.send(randomBytes(10));
      await begun();
      await test.db.query(`update calls set ended_at = now() - interval '25 hours' where id = $1`, [
        call.call,
      ]);
      assert.equal((await sender().begin()).status, 404);
    });

    it('moves the start of a segment to where it can be', async () => {
      const [early, late] = [sender(), sender()];
      await early.begin(1);
      await late.begin(Date.now() + 3_600_000);
      const { rows } = await test.db.query<{ early: boolean; late: boolean }>(
        `select bool_and(s.started_at >= r.started_at) as early, bool_and(s.started_at <= now()) as late
           from recording_segments s join recordings r on r.id = s.recording_id`,
      );
      assert.deepEqual(rows, [{ early: true, late: true }]);
    });

    it('writes nothing on a disk that is nearly full, and goes on when there is space', async () => {
      const segment = await begun();
      await segment.send(randomBytes(10));
      const slice = randomBytes(100);
      free = 100 * 2 ** 20;
      const answer = await segment.patch(slice, 10, chainOf(segment.chain, slice));
      assert.deepEqual([answer.status, await codeOf(answer)], [507, 'storage-full']);
      assert.equal((await stored(segment)).length, 10);
      free = 2 ** 40;
      await segment.send(slice);
      assert.equal((await stored(segment)).length, 110);
    });

    it('writes over what a process left behind that died before it acknowledged a slice', async () => {
      const segment = await begun();
      await segment.send(randomBytes(10));
      const file = folder.segmentFile(call.recording, segment.id);
      await writeFile(file, Buffer.concat([await readFile(file), randomBytes(500)]));
      const slice = Buffer.from('the slice once more');
      await segment.send(slice);
      assert.deepEqual((await stored(segment)).subarray(10), slice);
      assert.equal((await readFile(file)).length, 10 + slice.length + 2 * 32);
    });

    it('tells of a segment that was changed on the disk', async () => {
      const segment = await begun();
      await segment.send(randomBytes(1_000));
      const file = folder.segmentFile(call.recording, segment.id);
      const bytes = await readFile(file);
      bytes[500]! ^= 1;
      await writeFile(file, bytes);
      await assert.rejects(stored(segment), /authenticate data/);
    });
  });
});
