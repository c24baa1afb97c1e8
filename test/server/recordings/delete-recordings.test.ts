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
import { RecordingFolder } from '../../../src/server/recordings/recording-folder.ts';
import { deleteRecordingFiles } from '../../../src/server/recordings/sweep-recordings.ts';
import { onBothDatabases } from '../../support/databases.ts';
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
  });
});
