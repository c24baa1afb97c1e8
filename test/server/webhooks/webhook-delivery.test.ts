import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { endCall } from '../../../src/server/calls/end-call.ts';
import {
  changeWebhook,
  makeWebhook,
  readWebhook,
  rotateWebhookSecret,
} from '../../../src/server/configuration/webhooks.ts';
import { readFlow, saveDraft } from '../../../src/server/flows/flow-store.ts';
import { rollBackFlow } from '../../../src/server/flows/publish-flow.ts';
import { finishWrapUp } from '../../../src/server/legs/finish-wrap-up.ts';
import { OutboxDelivery } from '../../../src/server/outbox/outbox-delivery.ts';
import { deleteOldEvents } from '../../../src/server/webhooks/delete-old-events.ts';
import { listDeliveries } from '../../../src/server/webhooks/list-deliveries.ts';
import { sendAgain, sendTest } from '../../../src/server/webhooks/send-again.ts';
import { WebhookDelivery } from '../../../src/server/webhooks/webhook-delivery.ts';
import { saveNote } from '../../../src/server/wrap-up/save-note.ts';
import { setDisposition } from '../../../src/server/wrap-up/set-disposition.ts';
import { setTags } from '../../../src/server/wrap-up/set-tags.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { loopbackTransport, WebhookReceiver } from '../../support/webhook-receiver.ts';
import { CallWorld, type TestAgent, type TestVisitor } from '../calls/call-world.ts';
import { flow } from '../flows/flow-fixture.ts';
import { publish } from '../flows/publish.ts';
import { outboxRows } from '../outbox/outbox-rows.ts';

const key = new Uint8Array(32).fill(3);
const logger = { info: () => undefined, warn: () => undefined };

describe('webhooks', () => {
  onBothDatabases((test) => {
    let receiver: WebhookReceiver;
    let world: CallWorld;
    let agent: TestAgent;
    let visitor: TestVisitor;

    const deliveryOf = (timeoutMs?: number) =>
      new OutboxDelivery(
        test.db,
        new WebhookDelivery(test.db, key, { transport: loopbackTransport, timeoutMs }),
        logger,
      );
    const by = () => ({ siteId: 'shop', actor: { kind: 'system' }, address: null }) as const;
    const { waiting, becomeDue } = outboxRows(() => test.db, 'webhook');

    async function endpoint(types: Parameters<typeof makeWebhook>[3]['webhook']['types'] = null) {
      const id = randomUUID();
      const webhook = { url: receiver.url, types };
      const { secret } = await makeWebhook(test.db, key, by(), { id, webhook });
      receiver.secret = secret;
      return id;
    }
    const states = async (id: string) =>
      (await listDeliveries(test.db, id, {})).items.map(({ state }) => state);
    const types = () => receiver.events.map(({ type }) => type);

    before(async () => {
      receiver = await WebhookReceiver.open();
    });
    after(() => receiver?.close());
    beforeEach(async () => {
      receiver.events.length = 0;
      receiver.refusals.length = 0;
      receiver.broken = null;
      world = await CallWorld.make(test.db, test.nodeId);
      agent = await world.agent('Alice');
    });

    it('tell of a call from the request to the end, in order, signed, once each', async () => {
      await endpoint();
      await deliveryOf().work();
      receiver.events.length = 0;
      visitor = await world.visitor({ params: { meter: 'METER-0042' } });
      await world.connected(visitor, agent);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      await deliveryOf().work();
      assert.deepEqual(receiver.refusals, []);
      assert.deepEqual(
        types().filter((type) => type.startsWith('call.')),
        [
          'call.created',
          'call.queued',
          'call.offered',
          'call.accepted',
          'call.connected',
          'call.ended',
        ],
      );
      const [created] = receiver.events;
      const ended = receiver.events.at(-1);
      assert.equal(created?.data['callId'], visitor.callId);
      assert.deepEqual(created?.data['params'], { meter: 'METER-0042' });
      assert.equal(ended?.data['reason'], 'visitor-ended');
      assert.equal(new Set(receiver.events.map(({ id }) => id)).size, receiver.events.length);
      await deliveryOf().work();
      assert.equal((await waiting()).length, 0);
    });

    it('tell of a wrap-up with its outcome and tags, without the notes, and again if the outcome changes', async () => {
      await endpoint(['call.wrapped_up']);
      await test.db.query(
        `insert into dispositions (site_id, code, level, position, label)
         values ('shop', 'solved', 1, 0, '{"en": "Solved"}'), ('shop', 'open', 1, 1, '{"en": "Open"}')`,
        [],
      );
      visitor = await world.visitor();
      const { legId } = await world.connected(visitor, agent);
      const { callId } = visitor;
      await endCall(test.db, { callId, by: { role: 'visitor' } });
      await setDisposition(test.db, { callId, agentId: agent.id, code: 'solved' });
      await setTags(test.db, { callId, agentId: agent.id, tags: ['meter'] });
      await saveNote(test.db, { callId, agentId: agent.id, text: 'For the team alone.' });
      await finishWrapUp(test.db, { agentId: agent.id, legId });
      await deliveryOf().work();
      await setDisposition(test.db, { callId, agentId: agent.id, code: 'open' });
      await deliveryOf().work();
      assert.deepEqual(
        receiver.events.map(({ data }) => [data['callId'], data['disposition'], data['tags']]),
        [
          [callId, 'solved', ['meter']],
          [callId, 'open', ['meter']],
        ],
      );
      assert.doesNotMatch(JSON.stringify(receiver.events), /For the team alone/);
    });

    it('tell only of the types that the endpoint wants, and of nothing while it is switched off', async () => {
      const id = await endpoint(['call.ended']);
      visitor = await world.visitor();
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      await deliveryOf().work();
      assert.deepEqual(types(), ['call.ended']);
      const change = { id, version: '*', change: { enabled: false } };
      await changeWebhook(test.db, by(), change);
      const other = await world.visitor();
      await endCall(test.db, { callId: other.callId, by: { role: 'visitor' } });
      assert.equal((await waiting()).length, 0);
    });

    it('tell which version of a flow is published, also after a roll-back, and nothing of a draft', async () => {
      await endpoint(['flow.published']);
      const end = { type: 'end' } as const;
      const document = flow({ s: { type: 'start', next: { next: 'e' } }, e: end });
      await publish(test.db, 'help', document);
      await publish(test.db, 'help', document);
      const help = { siteId: 'shop', id: 'help' };
      const author = { actor: { kind: 'system' }, name: 'test', address: null } as const;
      const read = await readFlow(test.db, 'shop', 'help');
      await test.db.transaction((tx) =>
        rollBackFlow(tx, help, { revision: read?.revision ?? 0, version: 1 }, author),
      );
      const revision = read && read.revision + 1;
      await saveDraft(test.db, { ...help, name: 'Draft', document, revision });
      await deliveryOf().work();
      assert.deepEqual(
        receiver.events.map(({ data }) => data),
        [
          { flow: 'help', name: 'help', version: 1, previousVersion: null },
          { flow: 'help', name: 'help', version: 2, previousVersion: 1 },
          { flow: 'help', name: 'help', version: 1, previousVersion: 2 },
        ],
      );
    });

    it('try again after an answer that is no 2xx, with the same id, and hold back later events of the call', async () => {
      const id = await endpoint(['call.created', 'call.ended']);
      receiver.broken = (response) => void response.writeHead(500).end('out of order');
      visitor = await world.visitor();
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      // The pause after a second attempt is five minutes: no slow machine tries again too early for this test.
      await test.db.query('update outbox set attempts = 1');
      await deliveryOf().work();
      assert.deepEqual(types(), ['call.created']);
      const [, tried] = (await listDeliveries(test.db, id, {})).items;
      assert.deepEqual(
        [tried?.state, tried?.attempts, tried?.status, tried?.answer],
        ['waiting', 1, 500, 'out of order'],
      );
      receiver.broken = null;
      await becomeDue();
      await deliveryOf().work();
      assert.deepEqual(types(), ['call.created', 'call.created', 'call.ended']);
      assert.equal(receiver.events[0]?.id, receiver.events[1]?.id);
    });

    it('take the pauses of the contract, and fail after the tenth attempt', async () => {
      const id = await endpoint(['call.created']);
      receiver.broken = (response) => void response.writeHead(302, { location: '/other' }).end();
      visitor = await world.visitor();
      const pauses: number[] = [];
      for (let attempt = 1; attempt <= 10; attempt += 1) {
        await becomeDue();
        await deliveryOf().work();
        pauses.push(...(await waiting()).map(({ pause }) => Math.round(pause)));
      }
      const hours = [2, 5, 10, 14, 20, 24].map((count) => count * 3_600);
      assert.deepEqual(
        pauses.map((pause, i) => Math.abs(pause - ([5, 300, 1_800, ...hours][i] ?? 0)) < 5),
        pauses.map(() => true),
      );
      assert.equal(pauses.length, 9);
      assert.deepEqual(await states(id), ['failed']);
      assert.equal(receiver.events.length, 10, 'a redirect is not followed');
      receiver.broken = null;
      await sendAgain(test.db, id, (await listDeliveries(test.db, id, {})).items[0]?.event ?? 0);
      await deliveryOf().work();
      assert.deepEqual(await states(id), ['delivered']);
    });

    it('end with 410, until somebody switches them on again', async () => {
      const id = await endpoint(['call.created']);
      receiver.broken = (response) => void response.writeHead(410).end();
      const visitors = [await world.visitor(), await world.visitor()];
      await deliveryOf().work();
      const off = await readWebhook(test.db, 'shop', id);
      assert.deepEqual([off.enabled, off.disabledReason], [false, 'gone']);
      assert.deepEqual(await states(id), ['failed', 'failed']);
      assert.equal((await waiting()).length, 0);
      await assert.rejects(sendTest(test.db, id), { code: 'conflict' });
      receiver.broken = null;
      await changeWebhook(test.db, by(), { id, version: '*', change: { enabled: true } });
      await sendTest(test.db, id);
      await deliveryOf().work();
      assert.equal(types().at(-1), 'webhook.test');
      assert.equal(visitors.length, 2);
    });

    it('wait for no endpoint that hangs, and give it up', async () => {
      const hanging = await WebhookReceiver.open();
      try {
        hanging.broken = () => undefined;
        const id = randomUUID();
        const webhook = { url: hanging.url, types: ['call.created' as const] };
        await makeWebhook(test.db, key, by(), { id, webhook });
        await endpoint(['call.created']);
        for (let i = 0; i < 6; i += 1) await world.visitor();
        const delivery = deliveryOf();
        const working = delivery.work();
        await waitUntil('the other endpoint has all', () => receiver.events.length === 6);
        await delivery.stop();
        await working;
        // Only the endpoint that hangs is left, so that a short time makes no other delivery fail.
        await becomeDue();
        await deliveryOf(100).work();
        const { items } = await listDeliveries(test.db, id, {});
        assert.ok(items.every(({ state, status }) => state === 'waiting' && status === null));
        assert.match(items[0]?.error ?? '', /no answer within/);
      } finally {
        await hanging.close();
      }
    });

    it('are signed with both secrets for a while after a rotation', async () => {
      const id = await endpoint(['call.created']);
      const before = receiver.secret;
      const rotated = await rotateWebhookSecret(test.db, key, by(), {
        ...{ id, version: '*', overlapHours: 1 },
      });
      assert.notEqual(rotated.secret, before);
      for (const secret of [before, rotated.secret]) {
        receiver.secret = secret;
        await world.visitor();
        await deliveryOf().work();
      }
      assert.deepEqual(receiver.refusals, []);
      await test.db.query(`update webhook_endpoints set previous_secret_until = now()`);
      receiver.secret = before;
      await world.visitor();
      await deliveryOf().work();
      assert.equal(receiver.refusals.length, 1);
    });

    it('lose nothing when the node that delivers dies', async () => {
      await endpoint(['call.created']);
      receiver.broken = () => undefined;
      visitor = await world.visitor();
      const dying = deliveryOf();
      void dying.work();
      await waitUntil('the request arrived', () => receiver.events.length === 1);
      await dying.stop();
      receiver.broken = null;
      await becomeDue();
      await deliveryOf().work();
      assert.equal(receiver.events.length, 2);
      assert.equal(receiver.events[0]?.id, receiver.events[1]?.id);
      assert.equal((await waiting()).length, 0);
    });

    it('are deleted after 30 days, but not while they wait', async () => {
      const id = await endpoint(['call.created']);
      await world.visitor();
      await deliveryOf().work();
      await world.visitor();
      await test.db.query(`update webhook_events set at = now() - interval '31 days'`);
      await deleteOldEvents(test.db);
      assert.deepEqual(await states(id), ['waiting']);
    });
  });
});
