import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Wait } from '../../../src/protocol/rest/wait.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { HttpFixture } from './http-fixture.ts';

describe('GET /sites/{site}/wait', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    before(async () => {
      http = await HttpFixture.open(test.db);
    });
    beforeEach(async () => {
      await test.db.query(
        `insert into sites (id, name, origins) values ('shop', 'Shop', '{https://www.shop.test}')`,
      );
      await test.db.query(
        `insert into skill_groups (site_id, id, name) values ('shop', 'sales', 'Sales')`,
      );
    });
    after(() => http?.close());

    it('refuses what is not there, and keeps no refusal', async () => {
      for (const [path, status, code] of [
        ['/api/v1/sites/nowhere/wait', 404, 'unknown-site'],
        ['/api/v1/sites/shop/wait?skill=nothing', 404, 'unknown-skill'],
        ['/api/v1/sites/shop/wait?flow=nothing', 404, 'unknown-skill'],
        ['/api/v1/sites/Shop!/wait', 400, 'bad-message'],
        ['/api/v1/sites/shop/wait?more=1', 400, 'bad-message'],
      ] as const) {
        const response = await http.get(path);
        const body = (await response.json()) as { code: string };
        assert.deepEqual([response.status, body.code], [status, code], path);
        assert.equal(response.headers.get('cache-control'), null, path);
      }
    });

    it('may be kept for five seconds by everybody, and read by the pages of the site', async () => {
      const ask = (origin: string) => http.get('/api/v1/sites/shop/wait', { origin });
      const response = await ask('https://www.shop.test');
      assert.equal(response.headers.get('cache-control'), 'public, max-age=5');
      assert.equal(response.headers.get('access-control-allow-origin'), 'https://www.shop.test');
      assert.match(response.headers.get('vary') ?? '', /origin/i);
      assert.deepEqual(await response.json(), {
        open: true,
        until: null,
        estimate: null,
        late: false,
      } satisfies Wait);
      const other = await ask('https://other.test');
      assert.equal(other.headers.get('access-control-allow-origin'), null);
    });
  });
});
