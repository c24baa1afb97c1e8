import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { HttpFixture } from './http-fixture.ts';

describe('the pages of the console', () => {
  let db: Database;
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let http: HttpFixture;

  before(async () => {
    directory = await freshDataDirectory();
    db = await openDatabase({ dataDir: directory.dataDir, nodeId: randomUUID() });
    http = await HttpFixture.open(db, { publicUrl: 'https://desk.example.com' });
  });
  after(async () => {
    await http?.close();
    await db?.close();
    await directory?.remove();
  });

  it('are served at each address below /admin, under a policy that lets no other origin frame them', async () => {
    for (const path of ['/admin', '/admin/groups/billing?lang=en', '/admin/password']) {
      const response = await http.get(path);
      assert.equal(response.status, 200, path);
      assert.match(await response.text(), /Console/);
      const policy = response.headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'.*style-src 'self'; frame-src 'self';/);
      assert.match(policy, /frame-ancestors 'self';/);
      assert.match(policy, /require-trusted-types-for 'script'/);
      assert.doesNotMatch(policy, /unsafe|\*/);
    }
  });

  it('show the sample page to the console alone', async () => {
    const preview = await http.get('/admin-preview?site=acme');
    assert.match(await preview.text(), /Sample page/);
    const policy = preview.headers.get('content-security-policy') ?? '';
    assert.match(policy, /frame-ancestors 'self';/);
    assert.match(policy, /style-src 'self'/);
  });
});
