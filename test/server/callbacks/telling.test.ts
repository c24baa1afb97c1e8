import assert from 'node:assert/strict';
import { createECDH, createPublicKey, randomBytes, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { after, before, beforeEach, describe, it } from 'node:test';
import { jwtVerify } from 'jose';
import { callbackCode } from '../../../src/server/callbacks/callback-code.ts';
import { cancelCallback } from '../../../src/server/callbacks/cancel-callback.ts';
import { PushDelivery } from '../../../src/server/callbacks/push-delivery.ts';
import { pushKeys } from '../../../src/server/callbacks/push-keys.ts';
import { writePushSubscription } from '../../../src/server/callbacks/push-subscriptions.ts';
import { makeWebhook } from '../../../src/server/configuration/webhooks.ts';
import { OutboxDelivery } from '../../../src/server/outbox/outbox-delivery.ts';
import { WebhookDelivery } from '../../../src/server/webhooks/webhook-delivery.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { codeOf } from '../../support/error-code.ts';
import { listenOnLoopback, type Loopback } from '../../support/loopback.ts';
import { loopbackTransport, WebhookReceiver } from '../../support/webhook-receiver.ts';
import type { TestAgent } from '../calls/call-world.ts';
import { outboxRows } from '../outbox/outbox-rows.ts';
import { CallbackWorld } from './callback-world.ts';

const key = new Uint8Array(32).fill(3);
const publicUrl = 'https://desk.example.com';
const logger = { info: () => undefined, warn: () => undefined };

describe('who is told of a callback', () => {
  onBothDatabases((test) => {
    let receiver: WebhookReceiver;
    let pushService: Loopback;
    const pushed: { headers: Record<string, unknown>; body: Buffer }[] = [];
    let status = 201;
    let world: CallbackWorld;
    let alice: TestAgent;

    before(async () => {
      receiver = await WebhookReceiver.open();
      pushService = await listenOnLoopback(async (incoming, response) => {
        pushed.push({ headers: incoming.headers, body: await buffer(incoming) });
        response.writeHead(status).end();
      });
    });
    after(async () => {
      await receiver?.close();
      await pushService?.close();
    });
    beforeEach(async () => {
      receiver.events.length = pushed.length = 0;
      status = 201;
      world = await CallbackWorld.make(test.db, test.nodeId);
      alice = await world.agent('Alice');
    });

    const options = { publicUrl, transport: loopbackTransport };
    const tellSite = () =>
      new OutboxDelivery(test.db, new WebhookDelivery(test.db, key, options), logger).work();
    const ring = () =>
      new OutboxDelivery(test.db, new PushDelivery(test.db, { key, ...options }), logger).work();
    const { waiting } = outboxRows(() => test.db, 'push');

    async function endpoint() {
      const id = randomUUID();
      const by = { siteId: 'shop', actor: { kind: 'system' }, address: null } as const;
      const types = ['callback.due', 'callback.reached', 'callback.failed'] as const;
      const webhook = { url: receiver.url, types: [...types] };
      const { secret } = await makeWebhook(test.db, key, by, { id, webhook });
      receiver.secret = secret;
    }
    function subscription() {
      const browser = createECDH('prime256v1');
      return {
        endpoint: `https://push.example.com:${pushService.host.split(':')[1]}/send/1`,
        keys: {
          p256dh: browser.generateKeys('base64url'),
          auth: randomBytes(16).toString('base64url'),
        },
      };
    }

    it('tells the site when it is due, with the link for its visitor, and how it went', async () => {
      await endpoint();
      const id = await world.left('back');
      await world.sweep();
      await tellSite();
      const [due] = receiver.events;
      assert.equal(due?.type, 'callback.due');
      assert.deepEqual(
        [due.data['callback'], due.data['contact'], due.data['attempt'], due.data['link']],
        [id, 'Mei@shop.test', 1, `${publicUrl}/c#${callbackCode(key, id)}`],
      );
      const { rows } = await test.db.query<{ data: object }>('select data from webhook_events');
      assert.ok(!JSON.stringify(rows).includes(callbackCode(key, id)), 'the code is stored');

      await cancelCallback(test.db, id);
      await tellSite();
      assert.deepEqual(
        receiver.events.map(({ type, data }) => [type, data['state']]),
        [
          ['callback.due', 'due'],
          ['callback.failed', 'cancelled'],
        ],
      );
      assert.deepEqual(receiver.refusals, []);
    });

    it('tells it once for an attempt, however often an agent does not take it', async () => {
      await endpoint();
      const id = await world.left('back');
      await world.sweep();
      const leg = await world.offerOf((await world.callOf(id)).id);
      await world.shift('legs', leg.id, 'deadline', 600);
      await world.sweep();
      await tellSite();
      assert.deepEqual(
        receiver.events.map(({ type }) => type),
        ['callback.due'],
      );
    });

    it('rings at the browsers of the visitor once the agent is there', async () => {
      const id = await world.left('back');
      await writePushSubscription(test.db, id, subscription());
      await world.sweep();
      assert.equal((await waiting()).length, 0);
      await world.answered(id, alice);
      await ring();
      const [message] = pushed;
      assert.equal(message?.headers['content-encoding'], 'aes128gcm');
      assert.ok(!message.body.includes(callbackCode(key, id)), 'the push service can read it');
      const [, token = '', known = ''] =
        /^vapid t=([^,]+), ?k=(.+)$/.exec(String(message.headers['authorization'])) ?? [];
      assert.equal(known, pushKeys(key).publicKey);
      const point = Buffer.from(known, 'base64url');
      const signer = createPublicKey({
        format: 'jwk',
        key: {
          kty: 'EC',
          crv: 'P-256',
          x: point.subarray(1, 33).toString('base64url'),
          y: point.subarray(33).toString('base64url'),
        },
      });
      const { payload } = await jwtVerify(token, signer);
      assert.equal(payload.sub, publicUrl);
    });

    it('forgets a browser that takes the subscription back, and rings nowhere when it is too late', async () => {
      const id = await world.left('back');
      await writePushSubscription(test.db, id, subscription());
      await world.sweep();
      await world.answered(id, alice);
      status = 410;
      await ring();
      const { rows } = await test.db.query('select id from push_subscriptions');
      assert.deepEqual(rows, []);

      await cancelCallback(test.db, id);
      assert.equal(await codeOf(writePushSubscription(test.db, id, subscription())), 'conflict');
      const late = await world.left('back');
      await writePushSubscription(test.db, late, subscription());
      await test.db.query(`update legs set state = 'closed', closed_at = now(), wrap_up_until = null
                            where state = 'left'`);
      await world.sweep();
      await world.answered(late, alice);
      await cancelCallback(test.db, late);
      await ring();
      assert.equal(pushed.length, 1);
    });
  });
});
