import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Flow } from '../../../src/protocol/flow.ts';
import type { Queryable } from '../../../src/server/database/database.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';

import { deskOf, makeSite, newResume } from '../../support/signaling-server.ts';

const document: Flow = {
  schema: 1,
  start: 's',
  nodes: {
    s: { type: 'start', next: { next: 'm' } },
    m: {
      type: 'menu',
      title: { en: 'What is it about?', 'zh-CN': '请选择问题类型' },
      options: [
        { id: 'product', label: { en: 'Product question', 'zh-CN': '产品咨询' } },
        { id: 'fault', label: { en: 'Report a fault', 'zh-CN': '产品报障' } },
      ],
      next: { product: 'q1', fault: 'f' },
    },
    f: {
      type: 'form',
      title: { en: 'About the fault' },
      fields: [{ id: 'meter', label: { en: 'Meter' }, type: 'text', required: true }],
      next: { done: 'q2', skipped: 'q2' },
    },
    q1: { type: 'queue', group: 'pre-sales', next: { full: 'e', nobody: 'e', timeout: 'e' } },
    q2: { type: 'queue', group: 'after-sales', next: { full: 'e', nobody: 'e', timeout: 'e' } },
    e: { type: 'end' },
  },
};

async function addFlow(db: Queryable, site: string, isDefault: boolean): Promise<void> {
  await db.query(`insert into flows (site_id, id, name, draft) values ($1, 'help', 'Help', '{}')`, [
    site,
  ]);
  await db.query(
    `insert into flow_versions (site_id, flow_id, version, document, author) values ($1, 'help', 1, $2, 'test')`,
    [site, JSON.stringify(document)],
  );
  await db.query('update flows set published_version = 1, is_default = $2 where site_id = $1', [
    site,
    isDefault,
  ]);
}

const visitorOf = (url: string, site: string, resume?: string) =>
  ProtocolClient.join(url, { role: 'visitor', site, ...(resume && { resume }) });

onBothStores((bench) => {
  test('a visitor answers a flow step by step, goes back, reloads, and comes to the group', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    await addFlow(database, site.id, false);
    const desk = await deskOf(url, site.agents[0]);
    const resume = newResume();
    const visitor = await visitorOf(url, site.id);
    const { callId } = await visitor.command({
      ...{
        type: 'request-call',
        resume,
        flow: 'help',
        params: { device: '42' },
        language: 'zh-CN',
      },
    });
    const menu = await visitor.waitFor(({ call }) => call?.state === 'choosing');
    assert.deepEqual(menu.call?.step, {
      ...{ type: 'menu', node: 'm', back: false, title: '请选择问题类型' },
      options: [
        { id: 'product', label: '产品咨询' },
        { id: 'fault', label: '产品报障' },
      ],
    });
    assert.equal(menu.call?.skill, null);
    await visitor.command({ type: 'flow-answer', callId, node: 'm', value: 'fault' });
    const form = await visitor.waitFor(({ call }) => call?.step?.type === 'form');
    assert.equal(form.call?.step?.type === 'form' && form.call.step.title, 'About the fault');
    await assert.rejects(
      visitor.command({ type: 'flow-answer', callId, node: 'm', value: 'product' }),
      withCode('flow-changed'),
    );
    await assert.rejects(
      visitor.command({ type: 'flow-answer', callId, node: 'f', value: {} }),
      withCode('invalid-params'),
    );
    await visitor.command({ type: 'flow-answer', callId, node: 'f', value: null });
    await visitor.waitFor(({ call }) => call?.step?.type === 'menu');
    await visitor.command({ type: 'flow-answer', callId, node: 'm', value: 'fault' });
    await visitor.close();

    const reloaded = await visitorOf(url, site.id, resume);
    const again = await reloaded.waitFor(({ call }) => call?.step?.type === 'form');
    assert.equal(again.call?.id, callId);
    assert.equal(again.call?.step?.back, true);
    await reloaded.command({ type: 'flow-answer', callId, node: 'f', value: { meter: '0042' } });
    const ringing = await desk.waitFor(({ legs }) => legs.length === 1);
    assert.deepEqual(ringing.legs[0]?.call.skill, { id: 'after-sales', name: 'After-sales' });
    assert.deepEqual(ringing.legs[0]?.call.visitor.params, { device: '42', meter: '0042' });
    await reloaded.close();
    await desk.close();
  });

  test('a site’s default flow is run unless the page names a skill', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    await addFlow(database, site.id, true);
    const chooses = await visitorOf(url, site.id);
    await chooses.command({ type: 'request-call', resume: newResume(), params: {} });
    await chooses.waitFor(({ call }) => call?.step?.node === 'm');
    const waits = await visitorOf(url, site.id);
    await waits.command({
      type: 'request-call',
      resume: newResume(),
      skill: 'after-sales',
      params: {},
    });
    await waits.waitFor(({ call }) => call?.state === 'queued');
    await chooses.close();
    await waits.close();
  });
});
