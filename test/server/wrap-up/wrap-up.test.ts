import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { readCallRecord } from '../../../src/server/calls/call-record.ts';
import { listCalls } from '../../../src/server/calls/list-calls.ts';
import {
  readDispositions,
  writeDispositions,
} from '../../../src/server/configuration/dispositions.ts';
import { finishWrapUp } from '../../../src/server/legs/finish-wrap-up.ts';
import { extendWrapUp } from '../../../src/server/wrap-up/extend-wrap-up.ts';
import { saveNote } from '../../../src/server/wrap-up/save-note.ts';
import { setDisposition } from '../../../src/server/wrap-up/set-disposition.ts';
import { setTags } from '../../../src/server/wrap-up/set-tags.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { withCode } from '../../support/error-code.ts';
import { CallWorld, type TestAgent } from '../calls/call-world.ts';

const TREE = {
  dispositions: [
    { code: 'solved', label: { en: 'Solved' } },
    {
      code: 'fault',
      label: { en: 'Fault' },
      children: [
        {
          code: 'power',
          label: { en: 'Power' },
          children: [{ code: 'fuse', label: { en: 'Fuse' } }],
        },
      ],
    },
  ],
};
const SITE = { siteId: 'shop', groups: null, agentId: null };

describe('the wrap-up of a call', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    let alice: TestAgent;
    let callId: string;
    let legId: string;

    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
      await writeDispositions(test.db, 'shop', TREE);
      await test.db.query(
        `update skill_groups set wrap_up_seconds = 60, disposition_required = id = 'sales'`,
      );
      alice = await world.agent('Alice');
      const visitor = await world.visitor();
      callId = visitor.callId;
      ({ legId } = await world.connected(visitor, alice));
    });

    const end = () => endCall(test.db, { callId, by: { role: 'agent', agentId: alice.id } });
    const finish = () => finishWrapUp(test.db, { legId, agentId: alice.id });
    const choose = (code: string | null, agentId = alice.id) =>
      setDisposition(test.db, { callId, agentId, code });
    /** Seconds from the end of the call to the end of the wrap-up. */
    const wrapUpSeconds = async () => {
      const { rows } = await test.db.query<{ seconds: number }>(
        `select extract(epoch from wrap_up_until - left_at)::float8 as seconds from legs where id = $1`,
        [legId],
      );
      return Math.round(rows[0]?.seconds ?? 0);
    };
    const record = async () => {
      const call = await readCallRecord(test.db, SITE, callId);
      assert.ok(call);
      return call;
    };

    it('is not finished without a required disposition, and is with one', async () => {
      await end();
      await assert.rejects(finish(), withCode('disposition-required'));
      await choose('fuse');
      await finish();
      assert.equal((await world.leg(legId)).state, 'closed');
      assert.deepEqual((await record()).disposition, { code: 'fuse', label: { en: 'Fuse' } });
      await finish();
    });

    it('waits for a required disposition up to the longest time, and closes without one then', async () => {
      await end();
      assert.equal(await wrapUpSeconds(), 180);
      await world.shift('legs', legId, 'wrap_up_until', 179);
      await world.sweep();
      assert.equal((await world.leg(legId)).state, 'left');
      await world.shift('legs', legId, 'wrap_up_until', 2);
      await world.sweep();
      assert.equal((await world.leg(legId)).state, 'closed');
      assert.equal((await record()).disposition, null);
    });

    it('has its regular time again once a required disposition is chosen, and 30 s at least', async () => {
      await end();
      await choose('solved');
      assert.equal(await wrapUpSeconds(), 60);
      await choose(null);
      assert.equal(await wrapUpSeconds(), 180);
      await world.shift('legs', legId, 'left_at', 100);
      await choose('solved');
      assert.equal(await wrapUpSeconds(), 130);
    });

    it('has its regular time if the disposition was chosen during the call', async () => {
      await choose('solved');
      await end();
      assert.equal(await wrapUpSeconds(), 60);
      await finish();
    });

    it('gets more time up to three times its own', async () => {
      await choose('solved');
      await end();
      const extend = (agentId = alice.id) => extendWrapUp(test.db, { legId, agentId });
      await extend();
      assert.equal(await wrapUpSeconds(), 120);
      await extend();
      assert.equal(await wrapUpSeconds(), 180);
      await assert.rejects(extend(), withCode('conflict'));
      const bob = await world.agent('Bob');
      await assert.rejects(extend(bob.id), withCode('forbidden'));
    });

    it('takes no disposition that is none of the tree, has others below it, or was taken out', async () => {
      await end();
      for (const code of ['unknown', 'fault', 'power']) {
        await assert.rejects(choose(code), withCode('bad-message'), code);
      }
      await choose('fuse');
      const [solved] = TREE.dispositions;
      await test.db.transaction((tx) =>
        writeDispositions(tx, 'shop', { dispositions: solved ? [solved] : [] }),
      );
      assert.deepEqual((await readDispositions(test.db, 'shop')).dispositions, [solved]);
      assert.equal((await record()).disposition?.label.en, 'Fuse');
      await choose(null);
      await assert.rejects(choose('fuse'), withCode('bad-message'));
      // It may come back at another place of the tree.
      await test.db.transaction((tx) => writeDispositions(tx, 'shop', TREE));
      await choose('fuse');
    });

    it('keeps every version of a note with who saved it and when', async () => {
      await end();
      const save = (text: string) => saveNote(test.db, { callId, agentId: alice.id, text });
      for (const text of ['The fuse', ' The fuse ', 'The fuse is new.', '']) await save(text);
      const { notes } = await record();
      assert.deepEqual(
        notes.map(({ agent, versions }) => [agent, versions.map(({ text }) => text)]),
        [['Alice', ['The fuse', 'The fuse is new.', '']]],
      );
      assert.ok(notes[0]?.versions.every(({ savedAt }) => savedAt > 0));
      await assert.rejects(save('a\u0000b'), withCode('bad-message'));
    });

    it('has tags, which are written as one list', async () => {
      await end();
      const tag = (...tags: string[]) => setTags(test.db, { callId, agentId: alice.id, tags });
      await tag('urgent', ' meter ', 'urgent');
      await tag('meter', 'VIP');
      assert.deepEqual((await record()).tags.toSorted(), ['VIP', 'meter']);
      await assert.rejects(tag(' '), withCode('bad-message'));
    });

    it('is written by agents of the call and, after it, by supervisors of the group alone', async () => {
      const [bob, sam, tess] = [
        await world.agent('Bob'),
        await world.agent('Sam'),
        await world.agent('Tess', ['service']),
      ];
      await test.db.query(`update agents set role = 'supervisor' where id = any ($1::uuid[])`, [
        [sam.id, tess.id],
      ]);
      const write = (agentId: string) => [
        () => choose('solved', agentId),
        () => saveNote(test.db, { callId, agentId, text: agentId }),
        () => setTags(test.db, { callId, agentId, tags: ['x'] }),
      ];
      for (const attempt of write(sam.id)) await assert.rejects(attempt(), withCode('forbidden'));
      await end();
      for (const agent of [bob, tess]) {
        for (const attempt of write(agent.id))
          await assert.rejects(attempt(), withCode('forbidden'));
      }
      for (const attempt of write(sam.id)) await attempt();
      assert.equal((await record()).disposition?.code, 'solved');
      assert.deepEqual(
        (await record()).notes.map(({ agent }) => agent),
        ['Sam'],
      );
    });

    it('is found by its disposition, and by a branch above it', async () => {
      await end();
      await choose('fuse');
      const found = async (disposition: string) =>
        (await listCalls(test.db, SITE, { disposition }, {})).calls.map(({ id }) => id);
      for (const code of ['fuse', 'power', 'fault']) assert.deepEqual(await found(code), [callId]);
      assert.deepEqual(await found('solved'), []);
    });
  });
});
