import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { pino } from 'pino';
import { changeLegalHold } from '../../../src/server/retention/legal-hold.ts';
import { carryOutErasures } from '../../../src/server/retention/carry-out-erasures.ts';
import { readErasure } from '../../../src/server/retention/erasure.ts';
import { requestErasure } from '../../../src/server/retention/request-erasure.ts';
import { sweepRetention } from '../../../src/server/retention/sweep-retention.ts';
import { deleteNextObject } from '../../../src/server/recordings/delete-objects.ts';
import { RecordingFolder } from '../../../src/server/recordings/recording-folder.ts';
import { deleteRecordingFiles } from '../../../src/server/recordings/sweep-recordings.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { S3StandIn } from '../../support/s3-stand-in.ts';
import {
  endRecordedCall,
  writeRecordedCall,
  type RecordedCall,
} from '../../support/recorded-call.ts';
import { writeConsoleSite } from '../http/console-fixture.ts';

const logger = pino({ level: 'silent' });

describe('the end of recordings', () => {
  onBothDatabases((test) => {
    let path: string;
    let folder: RecordingFolder;
    let call: RecordedCall;

    before(async () => {
      path = await mkdtemp(join(tmpdir(), 'rtc-desk-recordings-'));
      folder = new RecordingFolder(path);
    });
    after(() => rm(path, { recursive: true, force: true }));
    beforeEach(async () => {
      const { agents } = await writeConsoleSite(test.db, 'acme');
      call = await writeRecordedCall(test.db, { site: 'acme', agent: agents.agent });
      await test.db.query(`update recordings set wrapped_key = 'x'`);
      await folder.write(call.recording, 'a-segment', 0, Buffer.from('sealed'));
      await endRecordedCall(test.db, call);
    });

    const order = () =>
      requestErasure(test.db, {
        siteId: 'acme',
        kind: 'call',
        subject: call.call,
        requestedBy: 'owner olivia',
        actor: { kind: 'system' },
        address: null,
      });
    const carryOut = async () => {
      while (await carryOutErasures(test.db, logger));
    };
    const hasFiles = async () => (await readdir(path)).includes(call.recording);
    const hold = (reason: string | null) =>
      changeLegalHold(
        test.db,
        {
          siteId: 'acme',
          callId: call.call,
          name: 'owner olivia',
          actor: { kind: 'system' },
          address: null,
        },
        reason,
      );
    const age = (days: number) =>
      test.db.query(
        `update calls set requested_at = requested_at - make_interval(days => $1), ended_at = ended_at - make_interval(days => $1)`,
        [days],
      );
    const calls = async () => (await test.db.query('select from calls')).rowCount;

    it('an erasure deletes the files, and is finished only then', async () => {
      const { id } = await order();
      await carryOut();
      assert.equal(await calls(), 0);
      const before = await readErasure(test.db, 'acme', id);
      assert.equal(before?.finishedAt, null, 'the files are still there');
      assert.equal(before?.deleted.recordings, 1);
      assert.equal(await hasFiles(), true);
      assert.equal(await deleteRecordingFiles(test.db, folder), true);
      assert.equal(await hasFiles(), false);
      await test.db.query('update erasures set due_at = now()');
      await carryOut();
      assert.notEqual((await readErasure(test.db, 'acme', id))?.finishedAt, null);
    });

    it('an erasure waits for the end of a legal hold', async () => {
      await hold('A dispute');
      const { id } = await order();
      await carryOut();
      assert.equal(await calls(), 1);
      assert.equal((await readErasure(test.db, 'acme', id))?.finishedAt, null);
      await hold(null);
      await test.db.query('update erasures set due_at = now()');
      await carryOut();
      assert.equal(await calls(), 0);
    });

    it('retention deletes recordings before their calls, with their files', async () => {
      await test.db.query('update sites set recording_days = 10, call_days = 20');
      await age(9);
      await sweepRetention(test.db);
      assert.equal(await deleteRecordingFiles(test.db, folder), false);
      await age(2);
      await sweepRetention(test.db);
      assert.equal((await test.db.query('select from recordings')).rowCount, 0);
      assert.equal(await calls(), 1);
      assert.equal(await deleteRecordingFiles(test.db, folder), true);
      assert.equal(await hasFiles(), false);
    });

    it('retention deletes nothing of a call with a legal hold', async () => {
      await test.db.query('update sites set recording_days = 10, call_days = 20');
      await hold('A dispute');
      await age(30);
      await sweepRetention(test.db);
      assert.equal((await test.db.query('select from recordings')).rowCount, 1);
      assert.equal(await calls(), 1);
      await hold(null);
      await sweepRetention(test.db);
      assert.equal(await calls(), 0);
      assert.equal(await deleteRecordingFiles(test.db, folder), true);
      assert.equal(await hasFiles(), false);
    });

    it('the files of a site that is deleted go, too', async () => {
      await test.db.transaction(async (tx) => {
        await tx.query(`set local rtc_desk.retention = 'on'`);
        await tx.query('set constraints all deferred');
        await tx.query(`delete from sites where id = 'acme'`);
      });
      assert.equal(await deleteRecordingFiles(test.db, folder), true);
      assert.equal(await hasFiles(), false);
    });

    describe('in an object store', () => {
      let s3: S3StandIn;
      const warnings: unknown[] = [];
      const deleteRemote = async () => {
        await test.db.query('update recording_object_deletions set due_at = now()');
        const logger = { warn: (what: unknown) => void warnings.push(what) };
        const objects = s3.store({ timeoutMs: 500 });
        return deleteNextObject({ database: test.db, objects, logger });
      };
      const finished = async (id: string) => {
        await test.db.query('update erasures set due_at = now()');
        await carryOut();
        return (await readErasure(test.db, 'acme', id))?.finishedAt !== null;
      };
      const leftBehind = () => [...s3.objects.keys()];

      before(async () => {
        s3 = await S3StandIn.open();
      });
      after(() => s3?.close());
      beforeEach(async () => {
        s3.reset();
        warnings.length = 0;
        await test.db.query('delete from recording_object_deletions');
        await test.db.query('delete from recording_deletions');
        s3.objects.set('desk/one', Buffer.from('sealed'));
        await test.db.query(
          `insert into recording_files (recording_id, part, name, mime, bytes, sha256, duration_ms, address, moved_at)
           values ($1, 1, 'one', 'video/webm', 6, '', 1000, 's3://records/desk/one', now())`,
          [call.recording],
        );
      });

      it('an erasure is finished only when the store confirms', async () => {
        const { id } = await order();
        await carryOut();
        assert.equal(await deleteRecordingFiles(test.db, folder), true);
        assert.equal(await finished(id), false, 'the object is still there');
        for (const fault of [500, 403, 'hang', 'reset', 404] as const) {
          s3.before = () => fault;
          assert.equal(await deleteRemote(), false, String(fault));
          assert.equal(await finished(id), false, String(fault));
        }
        assert.equal(warnings.length, 5);
        s3.before = () => null;
        assert.equal(await deleteRemote(), true);
        assert.deepEqual(leftBehind(), []);
        assert.equal(await finished(id), true);
      });

      it('an erasure is finished if the object is gone already, or the answer was lost', async () => {
        const { id } = await order();
        await carryOut();
        await deleteRecordingFiles(test.db, folder);
        s3.before = () => 'lose';
        assert.equal(await deleteRemote(), false);
        assert.deepEqual(leftBehind(), []);
        assert.equal(await finished(id), false);
        s3.before = () => null;
        assert.equal(await deleteRemote(), true);
        assert.equal(await finished(id), true);
      });

      it('an erasure waits until no request of an upload can be under way', async () => {
        await test.db.query(
          `update recording_files set moved_at = null, upload_id = 'gone', move_step_at = now() - interval '4 minutes'`,
        );
        await order();
        await carryOut();
        const { rows } = await test.db.query<{ seconds: number }>(
          'select extract(epoch from due_at - now())::float8 as seconds from recording_object_deletions',
        );
        assert.ok(rows[0]!.seconds > 30 && rows[0]!.seconds < 90, `${rows[0]!.seconds} s`);
      });

      it('retention deletes it, but not with a legal hold', async () => {
        await test.db.query('update sites set recording_days = 10, call_days = 20');
        await hold('A dispute');
        await age(30);
        await sweepRetention(test.db);
        assert.equal(await deleteRemote(), false);
        assert.deepEqual(leftBehind(), ['desk/one']);
        await hold(null);
        await sweepRetention(test.db);
        assert.equal(await deleteRemote(), true);
        assert.deepEqual(leftBehind(), []);
      });

      it('it goes with its site', async () => {
        await test.db.transaction(async (tx) => {
          await tx.query(`set local rtc_desk.retention = 'on'`);
          await tx.query('set constraints all deferred');
          await tx.query(`delete from sites where id = 'acme'`);
        });
        assert.equal(await deleteRemote(), true);
        assert.deepEqual(leftBehind(), []);
      });
    });
  });
});
