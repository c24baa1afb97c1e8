import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { DeviceTestSetup, TrtcTestRoom } from '../../../src/protocol/rest/device-test.ts';
import type { Database } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { openSignature } from '../../support/open-signature.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';
import { HttpFixture } from './http-fixture.ts';

describe('the device test', () => {
  let database: Database;
  let removeData: () => Promise<void>;
  let http: HttpFixture;
  before(async () => {
    const data = await freshDataDirectory();
    removeData = data.remove;
    database = await openDatabase({ dataDir: data.dataDir, nodeId: randomUUID() });
    await database.query(
      `insert into sites (id, name, origins) values ('shop', 'Shop', '{https://shop.example.com}')`,
      [],
    );
    http = await HttpFixture.open(database, {
      turn: { urls: ['turn:relay.example.com', 'stun:relay.example.com'], secret: 'turn secret' },
    });
  });
  after(async () => {
    await http?.close();
    await database?.close();
    await removeData?.();
  });
  const ask = (site: string, headers: Record<string, string> = {}) =>
    fetch(`${http.url}/api/v1/sites/${site}/device-test`, { method: 'POST', headers });

  it('gets credentials for the relays that are good for ten minutes', async () => {
    const response = await ask('shop', { origin: 'https://shop.example.com' });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    assert.equal(response.headers.get('access-control-allow-origin'), 'https://shop.example.com');
    const { iceServers, media } = (await response.json()) as {
      iceServers: { urls: string[]; username?: string; credential?: string }[];
      media: string;
    };
    assert.equal(media, 'mesh');
    const relay = iceServers.find(({ username }) => username !== undefined);
    assert.deepEqual(relay?.urls, ['turn:relay.example.com']);
    const [expiry, person] = relay?.username?.split(':') ?? [];
    const ahead = Number(expiry) - Date.now() / 1_000;
    assert.ok(ahead > 500 && ahead <= 600, String(ahead));
    assert.match(person ?? '', /^[\w-]+$/);
    const password = createHmac('sha1', 'turn secret').update(relay!.username!).digest('base64');
    assert.equal(relay?.credential, password);
  });

  it('gets a room of TRTC where calls run on TRTC and the site pays for it', async () => {
    const { sdkAppId, secretKey } = TEST_TRTC;
    const cloud = await HttpFixture.open(database, { trtc: TEST_TRTC });
    const setup = async () => {
      const address = `${cloud.url}/api/v1/sites/shop/device-test`;
      return (await (await fetch(address, { method: 'POST' })).json()) as DeviceTestSetup;
    };
    try {
      assert.deepEqual([(await setup()).media, (await setup()).trtcRoom], ['trtc', null]);
      await database.query('update sites set device_test_room = true', []);
      const { trtcRoom } = await setup();
      assert.equal(trtcRoom?.sdkAppId, sdkAppId);
      const CREATE_AND_JOIN = 3;
      for (const [role, bits] of [
        ['sender', CREATE_AND_JOIN | 16],
        ['receiver', CREATE_AND_JOIN | 32],
      ] as const) {
        const person: TrtcTestRoom['sender'] = trtcRoom![role];
        const { userId, userSig, privateMapKey } = person;
        const { user, expiresAt } = openSignature(userSig, secretKey);
        assert.equal(user, userId);
        const ahead = (expiresAt - Date.now()) / 1_000;
        assert.ok(ahead > 500 && ahead <= 600, String(ahead));
        const { map } = openSignature(privateMapKey, secretKey);
        // The number 0 stands for a name: the key opens no room of a call.
        assert.deepEqual(
          [map?.user, map?.room, map?.roomName, map?.bits],
          [userId, 0, trtcRoom?.room, bits],
        );
      }
      assert.notEqual(trtcRoom?.sender.userId, trtcRoom?.receiver.userId);
      assert.match(trtcRoom!.room, /^test-[\w-]{22}$/);
      assert.notEqual((await setup()).trtcRoom?.room, trtcRoom?.room);
      const plain = (await (await ask('shop')).json()) as DeviceTestSetup;
      assert.deepEqual([plain.media, plain.trtcRoom], ['mesh', null]);
    } finally {
      await database.query('update sites set device_test_room = false', []);
      await cloud.close();
    }
  });

  it('is refused for a site that does not exist', async () => {
    const response = await ask('nobody');
    assert.equal(((await response.json()) as { code: string }).code, 'unknown-site');
  });

  it('gives no page of a foreign origin the answer', async () => {
    const response = await ask('shop', { origin: 'https://evil.example.com' });
    assert.equal(response.headers.get('access-control-allow-origin'), null);
  });

  it('is limited for each address', async () => {
    const statuses = new Set<number>();
    for (let i = 0; i < 11; i += 1) statuses.add((await ask('shop')).status);
    assert.ok(statuses.has(429));
  });

  it('has a page for each site, and leads to that of the only one', async () => {
    const redirect = await http.get('/test?lang=en');
    assert.equal(redirect.headers.get('location'), '/test/shop?lang=en');
    assert.equal((await http.get('/test/nobody')).status, 404);
    const page = await http.get('/test/shop');
    assert.match(
      page.headers.get('content-security-policy') ?? '',
      /frame-ancestors 'self' https:\/\/shop\.example\.com/,
    );
  });
});
