import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { RecordingSummary } from '../../../src/protocol/rest/recordings.ts';
import {
  abortUnknownUploads,
  deleteNextObject,
} from '../../../src/server/recordings/delete-objects.ts';
import { moveNextFile, type MoveContext } from '../../../src/server/recordings/move-files.ts';
import { RecordingFolder } from '../../../src/server/recordings/recording-folder.ts';
import { BLOCK_BYTES } from '../../../src/server/recordings/sealed-file.ts';
import { deleteRecordingFiles } from '../../../src/server/recordings/sweep-recordings.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeReadyRecording, type ReadyRecording } from '../../support/ready-recording.ts';
import { S3StandIn, type S3Fault, type S3Operation } from '../../support/s3-stand-in.ts';
import { writeConsoleSite, type ConsoleSite } from '../http/console-fixture.ts';
import { HttpFixture, key } from '../http/http-fixture.ts';

const MIB = 1024 * 1024;
/** Of each part but the last. */
const PART_BYTES = 8 * MIB;

describe('moving recordings to an object store', () => {
  /** Two parts and a bit, and a small one. */
  const large = randomBytes(2 * PART_BYTES + 1_234);
  const small = Buffer.concat([Buffer.from('words of a visitor'), randomBytes(3 * BLOCK_BYTES)]);

  onBothDatabases((test) => {
    let s3: S3StandIn;
    let path: string;
    let folder: RecordingFolder;
    let http: HttpFixture;
    let acme: ConsoleSite;
    let context: MoveContext;
    const warnings: { failure?: string }[] = [];

    before(async () => {
      s3 = await S3StandIn.open();
      path = await mkdtemp(join(tmpdir(), 'rtc-desk-recordings-'));
      folder = new RecordingFolder(path);
      const objectStorage = { objects: s3.store(), destination: s3.destination };
      http = await HttpFixture.open(test.db, { recordingFolder: folder, objectStorage });
    });
    after(async () => {
      await http?.close();
      await s3?.close();
      await rm(path, { recursive: true, force: true });
    });
    beforeEach(async () => {
      s3.reset();
      for (const name of await readdir(path)) await rm(join(path, name), { recursive: true });
      await test.db.query('delete from recording_object_deletions');
      await test.db.query('delete from recording_deletions');
      acme = await writeConsoleSite(test.db, 'acme');
      context = await node();
      warnings.length = 0;
    });

    async function node(): Promise<MoveContext> {
      const nodeId = randomUUID();
      await test.db.query('insert into nodes (id) values ($1)', [nodeId]);
      const logger = { warn: (what: unknown) => void warnings.push(what as object) };
      const { destination } = s3;
      return {
        ...{ database: test.db, folder, objects: s3.store(), destination },
        ...{ serverKey: key, nodeId, logger },
      };
    }
    const recorded = (bytes = small): Promise<ReadyRecording> =>
      writeReadyRecording(test.db, { site: 'acme', agent: acme.agents.agent, folder, key, bytes });
    const pathOf = ({ recording, name }: ReadyRecording) => folder.file(recording, name);
    const keyOf = ({ recording, name }: ReadyRecording) => `desk/${recording}/${name}`;
    const play = async ({ recording }: ReadyRecording, range?: string): Promise<Response> =>
      http.get(`/api/v1/recordings/${recording}/file`, {
        authorization: `Bearer ${acme.tokens.agent}`,
        ...(range !== undefined && { range }),
      });
    const played = async (made: ReadyRecording): Promise<Buffer> =>
      Buffer.from(await (await play(made)).arrayBuffer());
    const again = async (): Promise<boolean> => {
      await test.db.query('update recording_files set move_due_at = now()');
      return moveNextFile(context);
    };
    const summary = async ({ recording }: ReadyRecording): Promise<RecordingSummary> => {
      const headers = { authorization: `Bearer ${acme.tokens.agent}` };
      const response = await http.get(`/api/v1/recordings/${recording}`, headers);
      return (await response.json()) as RecordingSummary;
    };
    const deleteLocal = async (): Promise<boolean> => {
      await test.db.query('update recording_deletions set due_at = now()');
      return deleteRecordingFiles(test.db, folder);
    };
    const deleteRemote = async (): Promise<boolean> => {
      await test.db.query('update recording_object_deletions set due_at = now()');
      return deleteNextObject(context);
    };
    /** The file is in the object store alone, whole, once, and plays. */
    async function isMoved(made: ReadyRecording, bytes = small): Promise<void> {
      assert.deepEqual([...s3.objects.keys()], [keyOf(made)]);
      assert.equal(s3.uploads.size, 0, 'no upload is left over');
      assert.equal(await deleteLocal(), true);
      assert.equal((await readdir(path)).includes(made.recording), false);
      assert.equal((await played(made)).equals(bytes), true);
      assert.equal((await summary(made)).moveFailure, null);
    }

    it('uploads a file in parts, reads it back, and plays any bytes of it', async () => {
      const made = await recorded(large);
      const sealed = await readFile(pathOf(made));
      assert.equal(await moveNextFile(context), true);
      assert.equal(await moveNextFile(context), false, 'once');
      assert.equal(s3.objects.get(keyOf(made))?.equals(sealed), true);
      assert.deepEqual(
        s3.operations.filter((operation) => operation !== 'get'),
        ['begin', 'part', 'part', 'part', 'list-parts', 'complete'],
      );
      await isMoved(made, large);
      s3.operations.length = 0;
      const middle = 5 * BLOCK_BYTES;
      for (const [start, end] of [
        [0, 1],
        [middle - 3, middle + 3],
        [large.length - 5, large.length],
      ] as const) {
        const response = await play(made, `bytes=${start}-${end - 1}`);
        assert.equal(response.status, 206);
        assert.deepEqual(Buffer.from(await response.arrayBuffer()), large.subarray(start, end));
      }
      assert.equal(s3.count('get'), 3, 'one request for each range');
    });

    it('sends nothing that is not encrypted', async () => {
      const made = await recorded();
      await moveNextFile(context);
      assert.equal(s3.objects.get(keyOf(made))?.includes('words of a visitor'), false);
    });

    it('keeps the file in the folder for an hour, for a backup that has begun', async () => {
      const made = await recorded();
      await moveNextFile(context);
      assert.equal(await deleteRecordingFiles(test.db, folder), false);
      assert.ok(await stat(pathOf(made)));
      await isMoved(made);
    });

    it('keeps what is not moved when parts of a recording are deleted', async () => {
      const made = await recorded();
      await writeFile(folder.file(made.recording, 'old.segment'), 'x');
      await test.db.query(
        `insert into recording_deletions (recording_id, what) values ($1, 'segments')`,
        [made.recording],
      );
      await deleteLocal();
      assert.deepEqual(await readdir(folder.folderOf(made.recording)), [made.name]);
      await moveNextFile(context);
      await isMoved(made);
    });

    it('goes on with the parts that are there', async () => {
      const made = await recorded(large);
      s3.before = ({ query }) => (query.get('partNumber') === '3' ? 500 : null);
      assert.equal(await moveNextFile(context), false);
      assert.equal((await summary(made)).moveFailure, 'storage-unreachable');
      s3.before = () => null;
      s3.operations.length = 0;
      assert.equal(await again(), true);
      assert.equal(s3.count('part'), 1);
      assert.equal(s3.count('begin'), 0);
      await isMoved(made, large);
    });

    const steps: S3Operation[] = ['begin', 'part', 'complete', 'get'];
    const faults: [S3Fault, string][] = [
      [500, 'storage-unreachable'],
      ['hang', 'storage-unreachable'],
      ['reset', 'storage-unreachable'],
      ['lose', 'storage-unreachable'],
      [403, 'storage-refused'],
    ];
    for (const step of steps) {
      it(`keeps the file and tries again, however the store fails at ${step}`, async () => {
        for (const [fault, failure] of faults) {
          const made = await recorded();
          warnings.length = 0;
          s3.before = ({ operation }) => (operation === step ? fault : null);
          const patient = context;
          if (fault === 'hang') context = { ...context, objects: s3.store({ timeoutMs: 300 }) };
          for (let attempt = 1; attempt <= 2; attempt += 1) await again();
          // What is done is found by the second attempt.
          if (fault === 'lose' && (step === 'part' || step === 'complete')) {
            assert.equal(warnings.length, 1);
          } else {
            assert.deepEqual(
              warnings.map((warning) => warning.failure),
              [failure, failure],
              String(fault),
            );
            assert.equal((await summary(made)).moveFailure, failure);
          }
          assert.ok(await stat(pathOf(made)), 'nothing was deleted');
          assert.equal((await played(made)).equals(small), true);
          s3.before = () => null;
          context = patient;
          await again();
          // An upload of which only the answer to its begin was lost is aborted when it is a day old.
          await abortUnknownUploads(context, s3.destination, Date.now() + 25 * 3_600_000);
          await isMoved(made);
          s3.objects.clear();
        }
      });
    }

    it('waits longer after each failure', async () => {
      const made = await recorded();
      s3.before = () => 500;
      const pauses: number[] = [];
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await again();
        const { rows } = await test.db.query<{ pause: number }>(
          'select extract(epoch from move_due_at - now())::float8 as pause from recording_files where recording_id = $1',
          [made.recording],
        );
        pauses.push(rows[0]!.pause);
      }
      assert.equal(await moveNextFile(context), false);
      assert.deepEqual(
        pauses.map((pause) => Math.round(pause / 10)),
        [1, 2, 4],
      );
    });

    it('does not believe a store that has other bytes, and sends them again', async () => {
      const made = await recorded();
      s3.before = ({ operation }) => (operation === 'get' ? 'change' : null);
      await again();
      assert.deepEqual([warnings[0]?.failure, s3.objects.size], ['storage-changed', 0]);
      assert.ok(await stat(pathOf(made)));
      s3.before = () => null;
      s3.after = ({ operation, key: name }) => {
        if (operation === 'complete') s3.objects.set(name, s3.objects.get(name)!.subarray(1));
      };
      await again();
      assert.deepEqual([warnings[1]?.failure, s3.objects.size], ['storage-changed', 0]);
      s3.after = () => {};
      await again();
      await isMoved(made);
    });

    it('does not move a file that was changed on the disk', async () => {
      const made = await recorded();
      const sealed = await readFile(pathOf(made));
      for (const wrong of [sealed.subarray(0, -1), Buffer.from(sealed).fill(0, 500, 600)]) {
        await writeFile(pathOf(made), wrong);
        await again();
        assert.deepEqual([(await summary(made)).moveFailure, s3.objects.size], ['file-damaged', 0]);
      }
      await writeFile(pathOf(made), sealed);
      await again();
      await isMoved(made);
    });

    it('is done by one node; another one goes on where a node has died', async () => {
      const made = await recorded(large);
      const other = await node();
      s3.after = async ({ operation, query }) => {
        if (operation !== 'part' || query.get('partNumber') !== '2') return;
        s3.after = () => {};
        assert.equal(await moveNextFile(other), false, 'the first node works on it');
        // It is declared dead while it goes on.
        await test.db.query('delete from nodes where id = $1', [context.nodeId]);
        assert.equal(await moveNextFile(other), true);
      };
      assert.equal(await moveNextFile(context), false);
      assert.deepEqual(warnings, []);
      assert.equal(s3.count('begin'), 1);
      await isMoved(made, large);
    });

    it('gives its work back when the node stops', async () => {
      const made = await recorded();
      const stopping = new AbortController();
      s3.before = ({ operation }) => {
        if (operation !== 'part') return null;
        stopping.abort();
        return 'hang';
      };
      assert.equal(await moveNextFile({ ...context, signal: stopping.signal }), false);
      assert.deepEqual([warnings, (await summary(made)).moveFailure], [[], null]);
      s3.before = () => null;
      assert.equal(await moveNextFile(await node()), true, 'at once, by another node');
      await isMoved(made);
    });

    it('goes on with its own file after an error of the database', async () => {
      const made = await recorded();
      const failing = {
        ...test.db,
        query: () => Promise.reject(new Error('the database is away')),
        transaction: () => Promise.reject(new Error('the database is away')),
      };
      let calls = 0;
      const database = new Proxy(test.db, {
        get: (target, name) => {
          const source = name === 'query' && (calls += 1) > 2 ? failing : target;
          const value: unknown = Reflect.get(source, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      });
      await assert.rejects(moveNextFile({ ...context, database }), /the database is away/);
      assert.equal(await moveNextFile(context), true);
      await abortUnknownUploads(context, s3.destination, Date.now() + 25 * 3_600_000);
      await isMoved(made);
    });

    it('leaves nothing of a recording that is deleted while it is moved', async () => {
      for (const step of steps) {
        const made = await recorded();
        s3.after = async ({ operation }) => {
          if (operation !== step) return;
          s3.after = () => {};
          await test.db.query('delete from recordings where id = $1', [made.recording]);
          assert.equal(await deleteNextObject(context), false, 'a request may be under way');
        };
        assert.equal(await moveNextFile(context), false);
        while (await deleteLocal());
        while (await deleteRemote());
        assert.deepEqual([s3.objects.size, s3.uploads.size], [0, 0], step);
        assert.deepEqual(await readdir(path), []);
      }
      assert.deepEqual(warnings, []);
    });

    it('forgets an upload that was begun for another bucket', async () => {
      const made = await recorded();
      s3.before = ({ operation }) => (operation === 'part' ? 500 : null);
      await again();
      assert.equal(s3.uploads.size, 1);
      s3.before = () => null;
      context = { ...context, destination: 's3://records/elsewhere' };
      await again();
      assert.deepEqual([...s3.objects.keys()], [`elsewhere/${made.recording}/${made.name}`]);
      assert.equal(await deleteRemote(), true);
      assert.equal(s3.uploads.size, 0);
      await deleteLocal();
      assert.equal((await played(made)).equals(small), true);
    });

    it('aborts uploads of which no row tells, when they are a day old', async () => {
      const made = await recorded();
      s3.before = ({ operation }) => (operation === 'part' ? 500 : null);
      await again();
      s3.before = () => null;
      const [known] = s3.uploads.keys();
      await context.objects.begin(`${s3.destination}/unknown`);
      await context.objects.begin('s3://records/another/installation');
      const inHours = (hours: number) =>
        abortUnknownUploads(context, s3.destination, Date.now() + hours * 3_600_000);
      assert.equal(await inHours(23), 0);
      assert.equal(await inHours(25), 1);
      assert.deepEqual(
        [...s3.uploads].map(([id, upload]) => (id === known ? 'known' : upload.key)),
        ['known', 'another/installation'],
      );
      assert.equal(await again(), true);
      assert.ok(s3.objects.has(keyOf(made)));
    });

    it('does not delete an object at whose address a file was stored again', async () => {
      const made = await recorded();
      await moveNextFile(context);
      await test.db.query('insert into recording_object_deletions (address) values ($1)', [
        `s3://records/${keyOf(made)}`,
      ]);
      assert.equal(await deleteRemote(), true);
      await isMoved(made);
    });

    it('plays nothing to strangers, and tells when the store is away or has other bytes', async () => {
      const made = await recorded();
      await moveNextFile(context);
      const other = await writeConsoleSite(test.db, 'other');
      for (const token of [other.tokens.owner, other.tokens.agent]) {
        const response = await http.get(`/api/v1/recordings/${made.recording}/file`, {
          authorization: `Bearer ${token}`,
        });
        assert.equal(response.status, 404);
      }
      s3.operations.length = 0;
      assert.equal((await http.get(`/api/v1/recordings/${made.recording}/file`)).status, 401);
      assert.deepEqual(s3.operations, [], 'nothing was read for them');
      for (const fault of [500, 403, 'reset'] as const) {
        s3.before = () => fault;
        const response = await play(made);
        assert.deepEqual([response.status, response.headers.has('retry-after')], [503, true]);
      }
      s3.before = () => 'change';
      await assert.rejects(played(made), 'the bytes end before the changed ones');
      s3.before = () => null;
      assert.equal((await played(made)).equals(small), true);
    });

    it('has space again for recordings when files have moved away', async () => {
      const used = async (): Promise<number> => {
        const names = await readdir(path, { recursive: true });
        const sizes = names.map(async (name) => {
          const { size, isFile } = await stat(join(path, name)).then((found) => ({
            size: found.size,
            isFile: found.isFile(),
          }));
          return isFile ? size : 0;
        });
        return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
      };
      const disk = 2 * 2 ** 30 + PART_BYTES;
      const full = new RecordingFolder(path, async () => disk - (await used()));
      await full.requireSpaceForRecording();
      const made = await recorded(large);
      await assert.rejects(full.requireSpaceForRecording(), { code: 'storage-full' });
      await moveNextFile(context);
      await isMoved(made, large);
      await full.requireSpaceForRecording();
    });

    it('is measured', async () => {
      const figures = async () => {
        const text = await (await http.get('/metrics')).text();
        return [...text.matchAll(/rtc_desk_recording_files\{state="([\w-]+)"\} (\d+)/g)].map(
          ([, state, count]) => `${state} ${count}`,
        );
      };
      const [made] = [await recorded(), await recorded()];
      s3.before = () => 500;
      await moveNextFile(context);
      assert.deepEqual(await figures(), [
        'moving 2',
        'move-failed 1',
        'deleting 0',
        'delete-failed 0',
      ]);
      s3.before = () => null;
      while (await again());
      await test.db.query('delete from recordings where id = $1', [made.recording]);
      s3.before = () => 500;
      assert.equal(await deleteRemote(), false);
      assert.deepEqual(await figures(), [
        'moving 0',
        'move-failed 0',
        'deleting 1',
        'delete-failed 1',
      ]);
    });
  });
});
