import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { compactVerify, importJWK, type JWK } from 'jose';
import { BufferSource, EncodedPacketSink, Input, MP4, WEBM } from 'mediabunny';
import type { Recording, RecordingManifest } from '../../../src/protocol/rest/recordings.ts';
import {
  joinNextRecording,
  type JoinContext,
} from '../../../src/server/recordings/join-recordings.ts';
import joinSegments from '../../../src/server/recordings/join-thread.ts';
import { RecordingFolder } from '../../../src/server/recordings/recording-folder.ts';
import { deleteRecordingFiles } from '../../../src/server/recordings/sweep-recordings.ts';
import { onBothDatabases } from '../../support/databases.ts';
import {
  endRecordedCall,
  writeRecordedCall,
  type RecordedCall,
} from '../../support/recorded-call.ts';
import { SegmentSender } from '../../support/recording-parts.ts';
import { writeConsoleSite, type ConsoleSite } from '../http/console-fixture.ts';
import { HttpFixture, key } from '../http/http-fixture.ts';

/** What Chromium recorded of a moving picture and a tone: 2.2 s each. */
const recorded = (name: string) =>
  readFile(fileURLToPath(new URL(`${name}.webm`, import.meta.url)));
const SECONDS = 2.2;

describe('putting recordings together', () => {
  onBothDatabases((test) => {
    let path: string;
    let free = 2 ** 40;
    let folder: RecordingFolder;
    let http: HttpFixture;
    let acme: ConsoleSite;
    let call: RecordedCall;
    let context: JoinContext;
    const warnings: unknown[] = [];

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
      warnings.length = 0;
      acme = await writeConsoleSite(test.db, 'acme');
      call = await writeRecordedCall(test.db, { site: 'acme', agent: acme.agents.agent });
      context = await node();
    });

    async function node(): Promise<JoinContext> {
      const nodeId = randomUUID();
      await test.db.query('insert into nodes (id) values ($1)', [nodeId]);
      const logger = { warn: (what: unknown) => void warnings.push(what) };
      return { database: test.db, folder, serverKey: key, nodeId, logger, join: joinSegments };
    }
    /** Sends these bytes as a segment, in slices. */
    async function sent(
      bytes: Buffer,
      { complete = true, sliceBytes = 4_000 }: { complete?: boolean; sliceBytes?: number } = {},
    ): Promise<SegmentSender> {
      const segment = new SegmentSender(http.url, acme.tokens.agent, call.recording);
      assert.equal((await segment.begin()).status, 201);
      for (let at = 0; at < bytes.length; at += sliceBytes) {
        await segment.send(bytes.subarray(at, at + sliceBytes));
      }
      if (complete) assert.equal((await segment.complete()).status, 204);
      return segment;
    }
    const read = async (): Promise<Recording> => {
      const headers = { authorization: `Bearer ${acme.tokens.owner}` };
      const response = await http.get(`/api/v1/recordings/${call.recording}`, headers);
      assert.equal(response.status, 200);
      return (await response.json()) as Recording;
    };
    async function file(part = 1): Promise<Buffer> {
      const headers = { authorization: `Bearer ${acme.tokens.owner}` };
      const address = `/api/v1/recordings/${call.recording}/file?part=${part}`;
      const response = await http.get(address, headers);
      assert.equal(response.status, 200);
      return Buffer.from(await response.arrayBuffer());
    }
    const events = async () => {
      const { rows } = await test.db.query<{ type: string; data: object }>(
        `select type, data from call_events where call_id = $1 and type like 'recording-%' order by sequence`,
        [call.call],
      );
      return rows;
    };
    async function inspect(bytes: Buffer) {
      const input = new Input({ formats: [WEBM, MP4], source: new BufferSource(bytes) });
      const video = await input.getPrimaryVideoTrack();
      const audio = await input.getPrimaryAudioTrack();
      assert.ok(video && audio);
      const times: number[] = [];
      for await (const packet of new EncodedPacketSink(video).packets())
        times.push(packet.timestamp);
      const found = {
        video: await video.getCodec(),
        audio: await audio.getCodec(),
        seconds: await input.computeDuration(),
        grows: times.every((time, index) => index === 0 || time > times[index - 1]!),
        pictures: times.length,
      };
      input.dispose();
      return found;
    }
    const about = (seconds: number, expected: number) =>
      assert.ok(Math.abs(seconds - expected) < 0.4, `${seconds} s, and not ${expected} s`);

    for (const [codec, mime, container] of [
      ['vp8', 'video/webm', 'vp8'],
      ['h264', 'video/mp4', 'avc'],
    ] as const) {
      it(`makes one file of three segments of ${codec}, with the right duration`, async () => {
        const bytes = await recorded(codec);
        for (let i = 0; i < 3; i += 1) await sent(bytes);
        assert.equal(await joinNextRecording(context), false, 'the call is not over');
        await endRecordedCall(test.db, call);
        assert.equal(await joinNextRecording(context), true);
        assert.deepEqual(warnings, []);
        const { state, files, manifest } = await read();
        assert.equal(state, 'ready');
        assert.deepEqual(
          files.map(({ part, mime }) => [part, mime]),
          [[1, mime]],
        );
        about(files[0]!.seconds, 3 * SECONDS);
        const found = await inspect(await file());
        assert.deepEqual([found.video, found.audio, found.grows], [container, 'opus', true]);
        about(found.seconds, 3 * SECONDS);
        assert.equal(manifest?.segments.length, 3);
        const starts = manifest.segments.map(({ startMs }) => startMs / 1000);
        starts.forEach((start, index) => about(start, index * SECONDS));
        assert.equal(await joinNextRecording(context), false, 'once');
      });
    }

    it('signs what the segments were, and what became of them', async () => {
      const segment = await sent(await recorded('vp8'));
      await endRecordedCall(test.db, call);
      await joinNextRecording(context);
      const { manifest, signature } = await read();
      const jwk = (await (await http.get('/api/v1/recording-key')).json()) as JWK;
      const { payload } = await compactVerify(signature!, await importJWK(jwk, 'EdDSA'));
      const signed = JSON.parse(Buffer.from(payload).toString()) as RecordingManifest;
      assert.deepEqual(signed, manifest);
      assert.deepEqual(
        [signed.segments[0]?.chain, signed.segments[0]?.bytes, signed.segments[0]?.complete],
        [segment.chain, segment.offset, true],
      );
      const { createHash } = await import('node:crypto');
      const hash = createHash('sha256')
        .update(await file())
        .digest('hex');
      assert.equal(signed.files[0]?.sha256, hash);
      const { type, data } = (await events()).at(-1)!;
      assert.deepEqual(
        [type, Object.keys(data).sort()],
        ['recording-ready', ['recording', 'seconds']],
      );
    });

    it('puts segments in the order in which they were recorded', async () => {
      const [late, early] = [await sent(await recorded('vp8')), await sent(await recorded('vp8'))];
      await test.db.query(
        `update recording_segments set started_at = started_at - interval '20 seconds' where id = $1`,
        [early.id],
      );
      await endRecordedCall(test.db, call);
      await joinNextRecording(context);
      const { manifest } = await read();
      assert.deepEqual(
        manifest?.segments.map(({ id }) => id),
        [early.id, late.id],
      );
    });

    it('begins another file where codec or size change', async () => {
      for (const name of ['vp8', 'vp8', 'h264', 'vp8-wide']) await sent(await recorded(name));
      await endRecordedCall(test.db, call);
      await joinNextRecording(context);
      const { files, manifest } = await read();
      assert.deepEqual(
        files.map(({ part, mime }) => [part, mime]),
        [
          [1, 'video/webm'],
          [2, 'video/mp4'],
          [3, 'video/webm'],
        ],
      );
      assert.deepEqual(
        manifest?.segments.map(({ part }) => part),
        [1, 1, 2, 3],
      );
      about((await inspect(await file(1))).seconds, 2 * SECONDS);
      about((await inspect(await file(2))).seconds, SECONDS);
      about((await inspect(await file(3))).seconds, SECONDS);
    });

    it('uses a segment that was cut off up to its end, once it has been silent for ten minutes', async () => {
      const bytes = await recorded('vp8');
      await sent(bytes.subarray(0, Math.floor(bytes.length * 0.6)), { complete: false });
      await endRecordedCall(test.db, call);
      assert.equal(await joinNextRecording(context), false);
      assert.equal((await read()).state, 'uploading');
      await test.db.query(`update recording_segments set heard_at = now() - interval '11 minutes'`);
      await joinNextRecording(context);
      const { state, files, manifest } = await read();
      assert.equal(state, 'ready');
      assert.ok(files[0]!.seconds > 0.8 && files[0]!.seconds < SECONDS, `${files[0]!.seconds} s`);
      assert.equal(manifest?.segments[0]?.complete, false);
      assert.ok((await inspect(await file())).pictures > 5);
    });

    it('leaves out a segment without a picture', async () => {
      await sent(await recorded('vp8'));
      await sent(randomBytes(500));
      await sent(Buffer.alloc(0));
      await sent(await recorded('vp8'));
      await endRecordedCall(test.db, call);
      await joinNextRecording(context);
      const { manifest, files } = await read();
      assert.deepEqual(
        manifest?.segments.map(({ part }) => part),
        [1, null, null, 1],
      );
      about(files[0]!.seconds, 2 * SECONDS);
    });

    it('says that a recording has failed of which nothing can be played, and keeps what came', async () => {
      const segment = await sent(randomBytes(500));
      await endRecordedCall(test.db, call);
      await joinNextRecording(context);
      const { state, failure } = await read();
      assert.deepEqual([state, failure], ['failed', 'unreadable']);
      assert.equal((await events()).at(-1)?.type, 'recording-failed');
      assert.deepEqual(await readdir(folder.folderOf(call.recording)), [`${segment.id}.segment`]);
    });

    it('says that a recording has failed of which nothing came', async () => {
      await endRecordedCall(test.db, call);
      assert.equal(await joinNextRecording(context), false, 'not at once');
      await test.db.query(`update calls set ended_at = now() - interval '11 minutes'`);
      await joinNextRecording(context);
      assert.deepEqual(
        [(await read()).state, (await read()).failure],
        ['failed', 'nothing-arrived'],
      );
    });

    it('does not use a segment that was changed on the disk, and fails after three attempts', async () => {
      const segment = await sent(await recorded('vp8'));
      await endRecordedCall(test.db, call);
      const name = folder.segmentFile(call.recording, segment.id);
      const bytes = await readFile(name);
      bytes[bytes.length - 100]! ^= 1;
      await writeFile(name, bytes);
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await test.db.query('update recordings set due_at = now()');
        await joinNextRecording(context);
      }
      assert.equal(warnings.length, 3);
      assert.equal((await read()).state, 'failed');
      assert.deepEqual(await readdir(folder.folderOf(call.recording)), [`${segment.id}.segment`]);
    });

    it('waits, and counts no attempt, while the disk is nearly full', async () => {
      await sent(await recorded('vp8'));
      await endRecordedCall(test.db, call);
      free = 0;
      for (let attempt = 1; attempt <= 5; attempt += 1) {
        await test.db.query('update recordings set due_at = now()');
        await joinNextRecording(context);
      }
      free = 2 ** 40;
      await test.db.query('update recordings set due_at = now()');
      await joinNextRecording(context);
      assert.equal((await read()).state, 'ready');
    });

    it('is done by one node; another one goes on where a node has died', async () => {
      await sent(await recorded('vp8'));
      await endRecordedCall(test.db, call);
      let other: JoinContext | null = null;
      const dying: JoinContext = {
        ...context,
        join: async (task) => {
          const joined = await joinSegments(task);
          other = await node();
          assert.equal(await joinNextRecording(other), false, 'the first node works on it');
          // It is declared dead before it has written its result.
          await test.db.query('delete from nodes where id = $1', [context.nodeId]);
          assert.equal(await joinNextRecording(other), true);
          return joined;
        },
      };
      await joinNextRecording(dying);
      assert.equal((await read()).state, 'ready');
      assert.equal((await events()).filter(({ type }) => type === 'recording-ready').length, 1);
      await inspect(await file());
    });

    it('leaves nothing but the files that can be played, an hour later', async () => {
      await sent(await recorded('vp8'));
      await writeFile(folder.file(call.recording, 'left-behind.scratch'), 'x');
      await endRecordedCall(test.db, call);
      await joinNextRecording(context);
      assert.equal(await deleteRecordingFiles(test.db, folder), false, 'a backup may need them');
      await test.db.query('update recording_deletions set due_at = now()');
      assert.equal(await deleteRecordingFiles(test.db, folder), true);
      const names = await readdir(folder.folderOf(call.recording));
      assert.deepEqual(
        names.map((name) => name.replace(/.*\./, '')),
        ['recording'],
      );
      await inspect(await file());
    });

    it('leaves nothing of a recording that is deleted while it is put together', async () => {
      await sent(await recorded('vp8'));
      await endRecordedCall(test.db, call);
      await joinNextRecording({
        ...context,
        join: async (task) => {
          const joined = await joinSegments(task);
          await test.db.query('delete from recordings');
          await deleteRecordingFiles(test.db, folder);
          return joined;
        },
      });
      await deleteRecordingFiles(test.db, folder);
      assert.equal((await readdir(path)).includes(call.recording), false);
    });
  });
});
