import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordingSettings } from '../../../src/protocol/views.ts';
import { activeLeg, wrapUpLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { recordOn } from '../../support/recorded-site.ts';
import { connect, makeSite } from '../../support/signaling-server.ts';

onBothStores((bench) => {
  async function begin(settings?: Partial<RecordingSettings>) {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    if (settings) await recordOn(database, site.id, settings);
    const call = await connect(url, site);
    const { desk, visitor, callId } = call;
    const state = () => activeLeg(desk.view)?.call.recording?.state;
    /** Both sides see the recording in this state. */
    const shown = async (expected: string) => {
      await desk.waitFor((view) => activeLeg(view)?.call.recording?.state === expected);
      await visitor.waitFor((view) => view.call?.recording?.state === expected);
    };
    const events = async () => {
      const { rows } = await database.query<{ type: string; actor: string }>(
        `select type, actor from call_events where call_id = $1 and type like 'recording-%' order by sequence`,
        [callId],
      );
      return rows.map(({ type, actor }) => `${type} ${actor}`);
    };
    const end = () => Promise.all([desk.close(), visitor.close()]);
    return { ...call, site, database, state, shown, events, end };
  }

  test('nothing is recorded where the site does not record', async () => {
    const { desk, visitor, callId, events, end } = await begin();
    assert.equal(activeLeg(desk.view)?.call.mayRecord, undefined);
    assert.equal(visitor.view.call?.recording, undefined);
    await assert.rejects(desk.command({ type: 'start-recording', callId }), withCode('forbidden'));
    assert.deepEqual(await events(), []);
    await end();
  });

  test('an agent records on demand, pauses, goes on and stops; both sides see it', async () => {
    const { desk, visitor, callId, shown, events, end } = await begin({});
    await desk.waitFor((view) => activeLeg(view)?.call.mayRecord);
    await assert.rejects(desk.command({ type: 'pause-recording', callId }), withCode('conflict'));
    for (const [type, state] of [
      ['start-recording', 'recording'],
      ['pause-recording', 'paused'],
      ['resume-recording', 'recording'],
      ['stop-recording', 'stopped'],
      ['start-recording', 'recording'],
    ] as const) {
      await desk.command({ type, callId });
      await shown(state);
    }
    const { id, mandatory, by } = activeLeg(desk.view)?.call.recording ?? {};
    assert.match(id ?? '', /^[0-9a-f-]{36}$/);
    assert.deepEqual([mandatory, by], [undefined, undefined]);
    assert.deepEqual(Object.keys(visitor.view.call?.recording ?? {}).sort(), ['since', 'state']);
    assert.deepEqual(await events(), [
      'recording-started agent',
      'recording-paused agent',
      'recording-resumed agent',
      'recording-stopped agent',
      'recording-started agent',
    ]);
    await end();
  });

  test('a command that comes twice is done once', async () => {
    const { desk, callId, events, end } = await begin({});
    await desk.command({ type: 'start-recording', callId });
    await desk.command({ type: 'start-recording', callId });
    assert.deepEqual(await events(), ['recording-started agent']);
    await end();
  });

  test('a site that always records begins as the call gets connected, and no agent stops it', async () => {
    const { desk, callId, shown, events, end } = await begin({ mode: 'always' });
    await shown('recording');
    assert.equal(activeLeg(desk.view)?.call.recording?.mandatory, true);
    await assert.rejects(desk.command({ type: 'stop-recording', callId }), withCode('forbidden'));
    await desk.command({ type: 'pause-recording', callId });
    await shown('paused');
    assert.deepEqual(await events(), ['recording-started system', 'recording-paused agent']);
    await end();
  });

  test('the settings of a group go before those of the site', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    await recordOn(database, site.id, { mode: 'always' });
    await database.query(
      `update skill_groups g set recording = jsonb_set(s.recording, '{mode}', '"off"') from sites s
        where s.id = g.site_id and s.id = $1`,
      [site.id],
    );
    const { desk, visitor, callId } = await connect(url, site);
    await assert.rejects(desk.command({ type: 'start-recording', callId }), withCode('forbidden'));
    assert.equal(visitor.view.call?.recording, undefined);
    await Promise.all([desk.close(), visitor.close()]);
  });

  test('nothing is recorded before the visitor has agreed', async () => {
    const text = { en: 'We keep this call for a year.' };
    const { desk, visitor, callId, database, shown, events, end } = await begin({
      mode: 'always',
      askFirst: true,
      text,
    });
    await shown('asked');
    assert.deepEqual(visitor.view.call?.recording?.text, text);
    const started = async () => {
      const { rows } = await database.query<{ started_at: Date | null }>(
        'select started_at from recordings where call_id = $1',
        [callId],
      );
      return rows[0]?.started_at ?? null;
    };
    await assert.rejects(desk.command({ type: 'resume-recording', callId }), withCode('conflict'));
    assert.equal(await started(), null);
    await visitor.command({ type: 'answer-recording', callId, agreed: true });
    await shown('recording');
    assert.notEqual(await started(), null);
    await visitor.command({ type: 'answer-recording', callId, agreed: true });
    await assert.rejects(
      visitor.command({ type: 'answer-recording', callId, agreed: false }),
      withCode('conflict'),
    );
    assert.deepEqual(await events(), ['recording-asked system', 'recording-started visitor']);
    await end();
  });

  test('a call goes on without a recording that the visitor refuses, and the agent may ask again', async () => {
    const { desk, visitor, callId, shown, events, end } = await begin({ askFirst: true });
    await desk.command({ type: 'start-recording', callId });
    await shown('asked');
    await visitor.command({ type: 'answer-recording', callId, agreed: false });
    await shown('refused');
    assert.equal(visitor.view.call?.state, 'connected');
    await desk.command({ type: 'start-recording', callId });
    await shown('asked');
    assert.deepEqual(await events(), [
      'recording-asked agent',
      'recording-refused visitor',
      'recording-asked agent',
    ]);
    await end();
  });

  test('a refusal ends the call where the site says so', async () => {
    const { desk, visitor, callId, shown, end } = await begin({
      mode: 'always',
      askFirst: true,
      onRefusal: 'end',
    });
    await shown('asked');
    await visitor.command({ type: 'answer-recording', callId, agreed: false });
    const { call } = await visitor.waitFor((view) => view.call?.ended);
    assert.equal(call?.ended?.reason, 'recording-refused');
    await desk.waitFor(wrapUpLeg);
    await end();
  });

  test('a recording that fails is shown to both, and begins again', async () => {
    const { desk, callId, shown, events, end } = await begin({});
    await desk.command({ type: 'start-recording', callId });
    await desk.command({ type: 'recording-failed', callId, reason: 'no-space' });
    await shown('failed');
    await desk.command({ type: 'start-recording', callId });
    await shown('recording');
    assert.deepEqual((await events()).slice(0, 2), [
      'recording-started agent',
      'recording-failed agent',
    ]);
    await end();
  });

  test('a recording that fails ends the call where the site says so', async () => {
    const { desk, visitor, callId, shown, end } = await begin({ mode: 'always', onFailure: 'end' });
    await shown('recording');
    await desk.command({ type: 'recording-failed', callId, reason: 'media' });
    const { call } = await visitor.waitFor((view) => view.call?.ended);
    assert.equal(call?.ended?.reason, 'recording-failed');
    await end();
  });

  test('both are told when nothing arrives, and when something arrives again', async () => {
    const { desk, callId, database, shown, events, end } = await begin({});
    await desk.command({ type: 'start-recording', callId });
    const hear = (when: string) =>
      database.query(`update recordings set heard_at = now() + $2::interval where call_id = $1`, [
        callId,
        when,
      ]);
    await hear('-9 seconds');
    await shown('failed');
    await hear('1 second');
    await shown('recording');
    assert.deepEqual((await events()).slice(1), [
      'recording-failed system',
      'recording-resumed system',
    ]);
    await end();
  });

  test('the end of the call ends its recording; one that nobody answered leaves nothing to wait for', async () => {
    const [recorded, asked] = [
      await begin({ mode: 'always' }),
      await begin({ mode: 'always', askFirst: true }),
    ];
    for (const { desk, callId } of [recorded, asked])
      await desk.command({ type: 'end-call', callId });
    for (const { desk, visitor } of [recorded, asked]) {
      await desk.waitFor((view) => wrapUpLeg(view)?.call.recording?.state === 'stopped');
      await visitor.waitFor((view) => view.call?.ended && view.call.recording === undefined);
    }
    const { rows } = await recorded.database.query<{ state: string; file_state: string }>(
      'select state, file_state from recordings where call_id = any ($1::uuid[]) order by started_at nulls last',
      [[recorded.callId, asked.callId]],
    );
    assert.deepEqual(rows, [
      { state: 'stopped', file_state: 'open' },
      { state: 'stopped', file_state: 'empty' },
    ]);
    for (const { end } of [recorded, asked]) await end();
  });
});
