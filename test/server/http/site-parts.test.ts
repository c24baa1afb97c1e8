import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import sharp from 'sharp';
import type { ApiKeyPage, MadeApiKey } from '../../../src/protocol/rest/api-keys.ts';
import type { AuditPage } from '../../../src/protocol/rest/audit.ts';
import type { CannedReply, CannedReplyPage } from '../../../src/protocol/rest/canned-replies.ts';
import type { Dispositions } from '../../../src/protocol/rest/dispositions.ts';
import type { SiteSettings } from '../../../src/protocol/rest/site-settings.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';
import { openSession, writeAgent, writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { HttpFixture } from './http-fixture.ts';
import { codeOf, RestClient } from './rest-client.ts';

describe('the parts of a site over REST', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let rest: RestClient;
    let acme: ConsoleSite;

    before(async () => {
      http = await HttpFixture.open(test.db);
      rest = new RestClient(http.url);
    });
    after(() => http?.close());
    beforeEach(async () => {
      acme = await writeConsoleSite(test.db, 'acme');
    });

    it('changes the settings of the site, and never shows the challenge’s secret', async () => {
      const { admin, owner } = acme.tokens;
      const challenge = { provider: 'turnstile', siteKey: 'site', secretKey: 'top-secret' };
      const patch = (body: object) => rest.change(admin, 'PATCH', '/site', body);
      assert.equal((await patch({ visitorCheck: 'challenge' })).status, 400);
      assert.equal(
        (await patch({ challenge: { provider: 'turnstile', siteKey: 's' } })).status,
        400,
      );
      assert.equal((await patch({ origins: ['www.example.com'] })).status, 400);
      assert.equal((await patch({ timeZone: 'Mars' })).status, 400);
      const changed = await patch({
        challenge,
        visitorCheck: 'challenge',
        origins: ['https://www.example.com'],
        queueLimit: 9,
      });
      const text = await changed.text();
      assert.equal(changed.status, 200, text);
      assert.ok(!text.includes('top-secret'));
      const settings = await rest.read<SiteSettings>(admin, '/site');
      assert.deepEqual([settings.queueLimit, settings.origins], [9, ['https://www.example.com']]);
      assert.equal(
        (await patch({ challenge: { provider: 'turnstile', siteKey: 'other' } })).status,
        200,
      );
      const { rows } = await test.db.query<{ challenge: object }>('select challenge from sites');
      assert.deepEqual(rows[0]?.challenge, { ...challenge, siteKey: 'other' });
      const log = await (await rest.send(owner, 'GET', '/audit')).text();
      assert.ok(log.includes('queueLimit') && !log.includes('top-secret'));
    });

    it('lets TRTC’s cloud record only where this server can read what it stores', async () => {
      const { admin } = acme.tokens;
      const recording = {
        ...{ mode: 'always', by: 'cloud', askFirst: false, onRefusal: 'continue' },
        ...{ onFailure: 'continue', text: {} },
      };
      for (const path of ['/site', '/groups/help']) {
        const refused = await rest.change(admin, 'PATCH', path, { recording });
        assert.equal(refused.status, 400, path);
        assert.match(await refused.text(), /TRTC_RECORDINGS/);
        const inBrowser = { ...recording, by: 'browser' };
        const set = await rest.change(admin, 'PATCH', path, { recording: inBrowser });
        assert.equal(set.status, 200, await set.text());
      }
      const recordings = {
        ...{ storage: 'vod://1500000001', region: null, accessKey: null, secretKey: null },
      };
      const cloud = { secretId: 'id', secretKey: 'key', region: 'ap-guangzhou', recordings };
      const withCloud = await HttpFixture.open(test.db, { trtc: { ...TEST_TRTC, cloud } });
      try {
        const client = new RestClient(withCloud.url);
        for (const path of ['/site', '/groups/help']) {
          const set = await client.change(admin, 'PATCH', path, { recording });
          assert.equal(set.status, 200, await set.text());
        }
      } finally {
        await withCloud.close();
      }
    });

    it('sets the media profiles by name or by numbers, and refuses what no camera sends', async () => {
      const { admin } = acme.tokens;
      const patch = (body: object) => rest.change(admin, 'PATCH', '/site', body);
      const read = async () => {
        const { mediaProfile, phoneMediaProfile } = await rest.read<SiteSettings>(admin, '/site');
        return [mediaProfile, phoneMediaProfile];
      };
      assert.deepEqual(await read(), ['standard', null]);
      const own = { height: 480, frameRate: 10, bitrate: 700, prefer: 'motion' };
      assert.equal((await patch({ mediaProfile: own, phoneMediaProfile: 'saver' })).status, 200);
      assert.deepEqual(await read(), [own, 'saver']);
      for (const wrong of [
        'best',
        null,
        { ...own, height: 8 },
        { ...own, more: 1 },
        { height: 480 },
      ]) {
        const { status } = await patch({ mediaProfile: wrong });
        assert.equal(status, 400, JSON.stringify(wrong));
      }
      assert.equal((await patch({ phoneMediaProfile: null })).status, 200);
      assert.deepEqual(await read(), [own, null]);
    });

    it('keeps the words for params in their order, and refuses one that is there twice', async () => {
      const { admin, supervisor } = acme.tokens;
      const text = { en: 'No power', 'zh-CN': '没电' };
      const fault = {
        name: 'fault',
        label: { en: 'Problem' },
        values: [{ value: 'no-power', text }],
      };
      const paramLabels = [fault, { name: 'a', label: {}, values: [] }];
      const patch = (labels: object[], token = admin) =>
        rest.change(token, 'PATCH', '/site', { paramLabels: labels });
      assert.equal((await patch(paramLabels)).status, 200);
      assert.equal((await patch([fault, fault])).status, 400);
      const values = [...fault.values, ...fault.values];
      assert.equal((await patch([{ ...fault, values }])).status, 400);
      assert.equal((await patch([], supervisor)).status, 403);
      const settings = await rest.read<SiteSettings>(admin, '/site');
      assert.deepEqual(settings.paramLabels, paramLabels);
    });

    it('lets the owner alone change how long data are kept, and tells who was first', async () => {
      const { owner } = acme.tokens;
      assert.equal((await rest.change(owner, 'PATCH', '/retention', { chatDays: 9 })).status, 200);
      const blind = await rest.send(owner, 'PATCH', '/retention', { chatDays: 8 });
      assert.equal(blind.status, 428);
      const stale = await rest.send(
        owner,
        'PATCH',
        '/retention',
        { chatDays: 8 },
        { 'if-match': '"old"' },
      );
      assert.equal(stale.status, 412);
      assert.equal((await rest.read<{ chatDays: number }>(owner, '/retention')).chatDays, 9);
    });

    it('writes the tree of dispositions whole', async () => {
      const { admin } = acme.tokens;
      const label = (en: string) => ({ en });
      const put = (dispositions: object[]) =>
        rest.change(admin, 'PUT', '/dispositions', { dispositions });
      const leaf = { code: 'refund', label: { en: 'Refund', 'zh-CN': '退款' } };
      const branch = { code: 'billing', label: label('Billing'), children: [leaf] };
      const tree = [
        { code: 'sales', label: label('Sales'), children: [branch] },
        { code: 'spam', label: label('Spam') },
      ];
      assert.equal((await put(tree)).status, 200);
      assert.deepEqual((await rest.read<Dispositions>(admin, '/dispositions')).dispositions, tree);
      const moved = [{ ...leaf, children: [{ code: 'billing', label: label('Billing') }] }];
      assert.equal((await put(moved)).status, 200, 'what was above is below now');
      assert.deepEqual((await rest.read<Dispositions>(admin, '/dispositions')).dispositions, moved);
      for (const wrong of [
        [leaf, leaf],
        [{ code: 'x', label: {} }],
        [{ ...tree[0], children: [{ ...branch, children: [{ ...leaf, children: [] }] }] }],
      ]) {
        assert.equal((await put(wrong)).status, 400);
      }
      assert.deepEqual((await rest.read<Dispositions>(admin, '/dispositions')).dispositions, moved);
    });

    it('shows each agent the replies of the site, of the own groups and their own', async () => {
      const { agent, supervisor, admin } = acme.tokens;
      const make = async (token: string, body: object) =>
        (await rest.send(token, 'POST', '/canned-replies', { text: 'Hello {visitor}', ...body }))
          .status;
      const site = { scope: 'site', shortcut: 'hello' };
      const group = (id: string) => ({ scope: 'group', group: id, shortcut: 'group' });
      const personal = { scope: 'personal', shortcut: 'mine' };
      assert.equal(await make(agent, personal), 201);
      assert.equal(await make(supervisor, personal), 201, 'the same shortcut, of somebody else');
      assert.equal(await make(agent, personal), 409);
      assert.deepEqual([await make(agent, group('help')), await make(agent, site)], [403, 403]);
      assert.deepEqual(
        [await make(supervisor, group('help')), await make(supervisor, site)],
        [201, 403],
      );
      assert.equal(await make(supervisor, group('sales')), 403);
      assert.deepEqual([await make(admin, group('sales')), await make(admin, site)], [201, 201]);
      assert.equal(await make(admin, { ...site, group: 'help' }), 400);
      assert.equal(await make(admin, group('nope')), 400);
      const seen = async (token: string) =>
        (await rest.read<CannedReplyPage>(token, '/canned-replies')).items.map(
          ({ scope, group: id }) => id ?? scope,
        );
      assert.deepEqual(await seen(agent), ['help', 'site', 'personal']);
      const outsider = await writeAgent(test.db, 'acme', 'outsider');
      assert.deepEqual(await seen(await openSession(test.db, outsider)), ['site']);
      assert.deepEqual((await seen(admin)).sort(), ['help', 'sales', 'site']);
    });

    it('keeps a picture with a reply', async () => {
      const { admin, agent } = acme.tokens;
      const body = { scope: 'site', shortcut: 'map', text: 'Here we are' };
      const made = await rest.send(admin, 'POST', '/canned-replies', body);
      const { id } = (await made.json()) as CannedReply;
      const path = `/canned-replies/${id}`;
      const upload = async (token: string, bytes: Buffer, etag: string) =>
        fetch(`${http.url}/api/v1${path}/picture`, {
          method: 'PUT',
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': 'image/png',
            'if-match': etag,
          },
          body: new Uint8Array(bytes),
        });
      const etag = made.headers.get('etag') ?? '';
      const picture = await sharp({
        create: { width: 16, height: 16, channels: 3, background: '#f00' },
      })
        .png()
        .toBuffer();
      assert.equal((await upload(agent, picture, etag)).status, 403);
      assert.equal((await upload(admin, Buffer.from('text'), etag)).status, 415);
      const stored = await upload(admin, picture, etag);
      assert.equal(stored.status, 200);
      assert.ok(((await stored.json()) as CannedReply).picture);
      assert.equal((await upload(admin, picture, etag)).status, 412);
      const shown = await rest.send(agent, 'GET', `${path}/picture`);
      assert.equal(shown.headers.get('content-type'), 'image/webp');
      const gone = await rest.send(admin, 'DELETE', `${path}/picture`, undefined, {
        'if-match': '*',
      });
      assert.equal(((await gone.json()) as CannedReply).picture, null);
      assert.equal((await rest.send(agent, 'GET', `${path}/picture`)).status, 404);
      assert.equal((await rest.change(admin, 'DELETE', path)).status, 204);
    });

    it('makes an API key that works until it is revoked, and stores only its hash', async () => {
      const { admin, owner } = acme.tokens;
      const make = (token: string, scopes: string[]) =>
        rest.send(token, 'POST', '/api-keys', { name: 'CRM', scopes });
      assert.equal(await codeOf(await make(admin, ['erasure:write'])), 'forbidden');
      assert.equal((await make(owner, ['erasure:write'])).status, 201);
      const { key, apiKey } = (await (await make(admin, ['directory:read'])).json()) as MadeApiKey;
      assert.match(key, /^rtcd_[\w-]{43}$/);
      assert.equal((await rest.send(key, 'GET', '/groups')).status, 200);
      assert.equal((await rest.send(key, 'GET', '/site')).status, 403);
      const page = await rest.read<ApiKeyPage>(admin, '/api-keys?sort=-createdAt');
      assert.equal(page.items[0]?.createdBy, 'admin');
      assert.ok((page.items[0]?.lastUsedAt ?? 0) > 0);
      assert.ok(!JSON.stringify(page).includes(key));
      const { rows } = await test.db.query('select * from api_keys');
      assert.ok(!JSON.stringify(rows).includes(key.slice(12)));
      assert.equal((await rest.send(admin, 'DELETE', `/api-keys/${apiKey.id}`)).status, 204);
      assert.equal((await rest.send(key, 'GET', '/groups')).status, 401);
      assert.ok(!http.log.some((line) => line.includes(key)));
    });

    it('finds API keys by their name, their beginning and whether they are in force', async () => {
      const { admin } = acme.tokens;
      const made: MadeApiKey[] = [];
      for (const name of ['CRM import', 'Night report', '50% off']) {
        const response = await rest.send(admin, 'POST', '/api-keys', {
          ...{ name, scopes: ['calls:read'] },
        });
        made.push((await response.json()) as MadeApiKey);
      }
      await rest.send(admin, 'DELETE', `/api-keys/${made[1]!.apiKey.id}`);
      const names = async (query: string) =>
        (await rest.read<ApiKeyPage>(admin, `/api-keys?${query}`)).items.map(({ name }) => name);
      assert.deepEqual(await names('q=crm'), ['CRM import']);
      assert.deepEqual(await names('q=%25'), ['50% off'], 'a percent sign stands for itself');
      assert.deepEqual(await names(`q=${made[1]!.apiKey.start}`), ['Night report']);
      assert.deepEqual(await names('state=revoked'), ['Night report']);
      assert.deepEqual(await names('state=active'), ['50% off', 'CRM import']);
      assert.equal((await rest.send(admin, 'GET', '/api-keys?state=lost')).status, 400);
    });

    it('filters the security log, and pages through it', async () => {
      const { owner, admin } = acme.tokens;
      for (const priority of [1, 2, 3])
        await rest.change(owner, 'PATCH', '/groups/help', { priority });
      await rest.change(admin, 'PATCH', '/groups/sales', { priority: 9 });
      const first = await rest.read<AuditPage>(owner, '/audit?limit=3');
      const second = await rest.read<AuditPage>(owner, `/audit?limit=3&cursor=${first.cursor}`);
      const sequences = [...first.items, ...second.items].map(({ sequence }) => sequence);
      assert.deepEqual(sequences, [4, 3, 2, 1]);
      assert.equal(second.cursor, null);
      const count = async (query: string) =>
        (await rest.read<AuditPage>(owner, `/audit?${query}`)).items.length;
      assert.equal(await count(`agent=${acme.agents.admin}`), 1);
      assert.equal(await count('subject=group:help'), 3);
      assert.equal(await count('type=signed-in'), 0);
      assert.equal(await count(`from=${Date.now() + 3_600_000}`), 0);
      assert.equal(await count(`to=${first.items[0]?.at}`), 3);
      assert.equal((await rest.send(owner, 'GET', '/audit?cursor=eA')).status, 400);
    });
  });
});
