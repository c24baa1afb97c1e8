import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Webhook } from '../../../src/protocol/rest/webhooks.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeTwoSites } from '../identity/sites.ts';
import { bearer, HttpFixture, signForSite } from './http-fixture.ts';

describe('webhooks over REST', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let headers: Record<string, string>;

    before(async () => {
      http = await HttpFixture.open(test.db);
    });
    after(() => http?.close());
    beforeEach(async () => {
      await writeTwoSites(test.db);
      headers = { ...(await bearer(signForSite('acme'))), 'content-type': 'application/json' };
    });

    const ask = (method: string, path: string, body?: object, more: Record<string, string> = {}) =>
      fetch(`${http.url}/api/v1/webhooks${path}`, {
        method,
        headers: body
          ? { ...headers, ...more }
          : { ...more, authorization: headers['authorization'] ?? '' },
        ...(body && { body: JSON.stringify(body) }),
      });
    async function make(url = 'https://hooks.example.com/in') {
      const response = await ask('POST', '', { url, types: ['call.ended'] });
      assert.equal(response.status, 201);
      return (await response.json()) as { webhook: Webhook; secret: string };
    }

    it('are made with a secret that is shown once, and changed under their version', async () => {
      const { webhook, secret } = await make();
      assert.match(secret, /^whsec_/);
      const read = await ask('GET', `/${webhook.id}`);
      assert.ok(!(await read.clone().text()).includes(secret));
      const version = { 'if-match': read.headers.get('etag') ?? '' };
      const changed = await ask('PATCH', `/${webhook.id}`, { types: null }, version);
      assert.equal(((await changed.json()) as Webhook).types, null);
      const late = await ask('PATCH', `/${webhook.id}`, { enabled: false }, version);
      assert.equal(late.status, 412);
    });

    it('get another secret under their version, so that two people never replace it twice', async () => {
      const { webhook, secret } = await make();
      const rotate = (match?: string) =>
        ask(
          'POST',
          `/${webhook.id}/secret`,
          { overlapHours: 2 },
          match ? { 'if-match': match } : {},
        );
      assert.equal((await rotate()).status, 428);
      const seen = (await ask('GET', `/${webhook.id}`)).headers.get('etag') ?? '';
      const rotated = await rotate(seen);
      assert.equal(rotated.status, 201);
      assert.notEqual(((await rotated.json()) as { secret: string }).secret, secret);
      assert.equal((await rotate(seen)).status, 412);
      assert.equal((await rotate(rotated.headers.get('etag') ?? '')).status, 201);
    });

    it('are found by address, description, and whether they are on', async () => {
      const { webhook } = await make('https://crm.example.com/in');
      await make('https://lake.example.com/events');
      const match = { 'if-match': '*' };
      await ask('PATCH', `/${webhook.id}`, { description: 'Screen pop', enabled: false }, match);
      const urls = async (query: string) =>
        ((await (await ask('GET', `?${query}`)).json()) as { items: Webhook[] }).items.map(
          ({ url }) => new URL(url).hostname,
        );
      assert.deepEqual(await urls('q=LAKE'), ['lake.example.com']);
      assert.deepEqual(await urls('q=screen'), ['crm.example.com']);
      assert.deepEqual(await urls('state=off'), ['crm.example.com']);
      assert.deepEqual(await urls('state=on'), ['lake.example.com']);
    });

    it('refuse an address that is not public', async () => {
      for (const url of [
        'http://hooks.example.com/',
        'https://127.0.0.1/',
        'https://[::1]/',
        'https://169.254.169.254/latest',
        'https://localhost/',
        'https://user:pass@hooks.example.com/',
        'https://',
      ]) {
        const response = await ask('POST', '', { url });
        assert.equal(response.status, 400, url);
      }
    });

    it('list what was sent, and send it again', async () => {
      const { webhook } = await make();
      const sent = await ask('POST', `/${webhook.id}/test`);
      assert.equal(sent.status, 202);
      const { event } = (await sent.json()) as { event: number };
      const again = `/${webhook.id}/deliveries/${event}/again`;
      assert.equal((await ask('POST', again)).status, 409, 'it is being sent');
      await test.db.query(`update webhook_deliveries set state = 'failed'`);
      await test.db.query('delete from outbox');
      assert.equal((await ask('POST', again)).status, 202);
      const list = await ask('GET', `/${webhook.id}/deliveries?state=waiting`);
      const { items } = (await list.json()) as { items: { event: number; type: string }[] };
      assert.deepEqual(
        items.map((item) => [item.event, item.type]),
        [[event, 'webhook.test']],
      );
    });

    it('are deleted with what waited for them', async () => {
      const { webhook } = await make();
      await ask('POST', `/${webhook.id}/test`);
      const deleted = await ask('DELETE', `/${webhook.id}`, undefined, { 'if-match': '*' });
      assert.equal(deleted.status, 204);
      const { rows } = await test.db.query('select 1 from outbox');
      assert.equal(rows.length, 0);
      assert.equal((await ask('GET', `/${webhook.id}`)).status, 404);
    });
  });
});
