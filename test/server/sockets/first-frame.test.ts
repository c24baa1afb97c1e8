import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSteps } from '../../../src/server/calls/first-frame.ts';
import { readStepReport } from '../../../src/server/reports/read-step-report.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { connect, makeSite } from '../../support/signaling-server.ts';

onBothStores((bench) => {
  async function connected() {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const call = await connect(url, site);
    const report = (side: 'visitor' | 'desk', sincePress: number | null) => {
      const { participant } = side === 'visitor' ? call.visitorTicket : call.agentTicket;
      return call[side].command({
        type: 'report-first-frame',
        room: call.room,
        participant,
        sincePress,
      });
    };
    const steps = () => readSteps(database, call.callId);
    /** As if everything had happened so long ago. */
    const age = (seconds: number) =>
      database.query(
        `update calls set requested_at = requested_at - make_interval(secs => $2) where id = $1`,
        [call.callId, seconds],
      );
    const close = () => Promise.all([call.visitor.close(), call.desk.close()]);
    return { ...call, site, database, report, steps, age, close };
  }

  test('both sides report their first picture, and each step of the call is known', async () => {
    const { report, steps, age, close } = await connected();
    assert.equal(await steps(), null);
    await report('desk', null);
    assert.equal((await steps())?.visitorFrame, null);
    assert.notEqual((await steps())?.agentFrame, null);
    await age(20);
    await report('visitor', 60_000);
    const found = await steps();
    assert.equal(found?.total, 60_000);
    assert.ok(found.press! > 0 && found.press! <= 40_000, `${found.press}`);
    for (const step of ['queue', 'ring', 'accept', 'enter', 'visitorFrame'] as const) {
      assert.ok(found[step]! >= 0, step);
    }
    await close();
  });

  test('only the first report of a side counts', async () => {
    const { report, steps, close } = await connected();
    await report('visitor', 300_000);
    await report('visitor', 310_000);
    assert.equal((await steps())?.total, 300_000);
    await close();
  });

  test('a number that cannot be true is not kept', async () => {
    for (const sincePress of [0, 86_000_000]) {
      const { report, steps, age, close } = await connected();
      await age(20);
      await report('visitor', sincePress);
      const found = await steps();
      assert.equal(found?.total, null, `${sincePress}`);
      assert.notEqual(found?.visitorFrame, null);
      await close();
    }
  });

  test('an agent has pressed no button', async () => {
    const { report, steps, close } = await connected();
    await report('desk', 300_000);
    assert.equal((await steps())?.total, null);
    await close();
  });

  test('the metrics have each step as a histogram', async () => {
    const { report, close } = await connected();
    await report('visitor', 300_000);
    await report('desk', null);
    const text = await bench.server.registry.metrics();
    for (const step of ['total', 'press', 'ring', 'visitorFrame', 'agentFrame']) {
      assert.match(text, new RegExp(`rtc_desk_call_step_seconds_count\\{step="${step}"\\} [1-9]`));
    }
    await close();
  });

  test('the report has percentiles and a distribution, of the groups that the caller may see', async () => {
    const { report, site, database, close } = await connected();
    await report('visitor', 300_000);
    await report('desk', null);
    const read = (groups: readonly string[] | null) =>
      readStepReport(
        database,
        { siteId: site.id, groups },
        { from: '2020-01-01', to: '2040-01-01' },
      );
    const { steps, setup } = await read(null);
    assert.deepEqual(
      steps.map(({ step, calls }) => [step, calls]),
      [
        'total',
        'setup',
        'press',
        'queue',
        'ring',
        'accept',
        'enter',
        'visitorFrame',
        'agentFrame',
      ].map((step) => [step, 1]),
    );
    assert.equal(steps[0]?.median, 300_000);
    assert.equal(
      setup.reduce((sum, { calls }) => sum + calls, 0),
      1,
    );
    assert.equal(setup.at(-1)?.below, null);
    assert.equal(setup.at(-1)?.calls, 1);
    assert.equal((await read([])).steps[0]?.calls, 0);
    await close();
  });
});
