import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AgentRole } from '../../../src/protocol/views.ts';
import { sessionHash } from '../../../src/server/identity/session-hash.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from '../calls/call-world.ts';
import { flow } from '../flows/flow-fixture.ts';
import { HttpFixture, signForSite } from './http-fixture.ts';

const end = { type: 'end' } as const;
const queueTo = (group: string) =>
  flow({
    s: { type: 'start', next: { next: 'q' } },
    q: { type: 'queue', group, next: { full: 'l', nobody: 'l', timeout: 'l' } },
    l: { type: 'leave-message', next: { done: 'e', skipped: 'e' } },
    e: end,
  });

describe('flows over REST', () => {
  onBothDatabases((test) => {
    let fixture: HttpFixture;
    before(async () => {
      fixture = await HttpFixture.open(test.db);
    });
    after(() => fixture.close());
    beforeEach(async () => {
      await CallWorld.make(test.db, test.nodeId);
      await test.db.query(`insert into sites (id, name) values ('other', 'Other')`);
    });

    const send = async (
      token: string,
      method: string,
      path: string,
      { body, match }: { body?: unknown; match?: string | null } = {},
    ) => {
      const response = await fetch(`${fixture.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(match && { 'if-match': match }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as Record<string, unknown>;
      return { status: response.status, etag: response.headers.get('etag'), answer };
    };
    const member = async (role: AgentRole, groups: readonly string[]): Promise<string> => {
      const token = randomBytes(32).toString('base64url');
      const { rows } = await test.db.query<{ id: string }>(
        `insert into agents (site_id, username, name, role, password_hash) values ('shop', $1, $1, $1, 'x')
         returning id`,
        [role],
      );
      await test.db.query(
        `insert into memberships (agent_id, site_id, group_id) select $1, 'shop', unnest($2::text[])`,
        [rows[0]?.id, groups],
      );
      await test.db.query(
        `insert into agent_sessions (token_hash, agent_id, expires_at) values ($1, $2, now() + interval '1 hour')`,
        [sessionHash(token), rows[0]?.id],
      );
      return token;
    };
    const draft = (group = 'sales') => ({ name: 'Help', document: queueTo(group) });

    it('goes from a draft to versions and back, tells what differs, and writes it into the audit log', async () => {
      const owner = await member('owner', []);
      const made = await send(owner, 'PUT', '/flows/help', { body: draft() });
      assert.deepEqual([made.status, made.etag], [200, '"1"']);
      const one = await send(owner, 'POST', '/flows/help/publish', { match: made.etag });
      assert.deepEqual([one.status, one.answer], [200, { version: 1 }]);

      const read = await send(owner, 'GET', '/flows/help');
      assert.deepEqual(
        read.answer['document'],
        queueTo('sales'),
        'what is exported can be imported',
      );
      const stale = { body: draft('service'), match: made.etag };
      assert.equal((await send(owner, 'PUT', '/flows/help', stale)).status, 412);
      assert.equal((await send(owner, 'PUT', '/flows/help', { body: draft() })).status, 428);
      const saved = await send(owner, 'PUT', '/flows/help', { ...stale, match: read.etag });
      const two = await send(owner, 'POST', '/flows/help/publish', { match: saved.etag });
      assert.deepEqual(two.answer, { version: 2 });
      const compared = await send(owner, 'GET', '/flows/help/compare?from=1&to=2');
      assert.deepEqual(compared.answer, { added: [], removed: [], changed: ['q'] });

      const back = { body: { version: 1 }, match: '*' };
      assert.deepEqual((await send(owner, 'POST', '/flows/help/roll-back', back)).answer, {
        version: 1,
      });
      const list = await send(owner, 'GET', '/flows');
      const [listed] = list.answer['flows'] as { publishedVersion: number }[];
      assert.equal(listed?.publishedVersion, 1);
      const { versions } = (await send(owner, 'GET', '/flows/help/versions')).answer as {
        versions: { version: number; author: string }[];
      };
      assert.deepEqual(
        versions.map(({ version, author }) => `${version} ${author}`),
        ['2 owner owner', '1 owner owner'],
      );
      const first = await send(owner, 'GET', '/flows/help/versions/1');
      assert.deepEqual(first.answer, queueTo('sales'));
      const audit = await test.db.query<{ subject: string; after: object }>(
        `select subject, after from audit where site_id = 'shop' order by sequence`,
      );
      assert.deepEqual(
        audit.rows.map(({ subject, after: now }) => [subject, now]),
        [1, 2, 1].map((publishedVersion) => ['flow:help', { publishedVersion }]),
      );
    });

    it('lists flows by page, in the order and by the words that are asked for', async () => {
      const owner = await member('owner', []);
      const { document } = draft();
      for (const name of ['Billing', 'meters', 'Help']) {
        await send(owner, 'PUT', `/flows/${name.toLowerCase()}`, { body: { name, document } });
      }
      const names = async (query: string) => {
        const { answer } = await send(owner, 'GET', `/flows?${query}`);
        const { flows, cursor } = answer as { flows: { name: string }[]; cursor: string | null };
        return { names: flows.map(({ name }) => name), cursor };
      };
      assert.deepEqual((await names('')).names, ['Billing', 'Help', 'meters']);
      assert.deepEqual((await names('sort=changedAt')).names, ['Billing', 'meters', 'Help']);
      assert.deepEqual((await names('q=METER')).names, ['meters']);
      const first = await names('sort=-name&limit=2');
      assert.deepEqual(first.names, ['meters', 'Help']);
      assert.deepEqual(await names(`sort=-name&limit=2&cursor=${first.cursor}`), {
        names: ['Billing'],
        cursor: null,
      });
      const foreign = await send(owner, 'GET', `/flows?sort=name&cursor=${first.cursor}`);
      assert.equal(foreign.status, 400);
    });

    it('names the faults of a draft, and publishes none that has one', async () => {
      const owner = await member('owner', []);
      await send(owner, 'PUT', '/flows/help', { body: draft('astrology') });
      const fault = { code: 'unknown-group', node: 'q', params: { group: 'astrology' } };
      const checked = await send(owner, 'POST', '/flows/help/check');
      assert.deepEqual(checked.answer, { faults: [fault] });
      const refused = await send(owner, 'POST', '/flows/help/publish', { match: '*' });
      assert.deepEqual([refused.status, refused.answer['faults']], [422, [fault]]);
      const badly = {
        body: { name: 'x', document: { schema: 1, start: 's', nodes: { s: { type: 'x' } } } },
      };
      assert.equal((await send(owner, 'PUT', '/flows/other', badly)).status, 400);
      const unstorable = { body: { ...draft(), name: 'x\0' } };
      assert.equal((await send(owner, 'PUT', '/flows/other', unstorable)).status, 400);
    });

    it('has a default flow, which has to be published', async () => {
      const owner = await member('owner', []);
      await send(owner, 'PUT', '/flows/help', { body: draft() });
      const flowHelp = { body: { flow: 'help' }, match: '*' };
      assert.equal((await send(owner, 'PUT', '/default-flow', flowHelp)).status, 404);
      await send(owner, 'POST', '/flows/help/publish', { match: '*' });
      assert.equal(
        (await send(owner, 'PUT', '/default-flow', { body: flowHelp.body })).status,
        428,
      );
      const none = await send(owner, 'GET', '/default-flow');
      assert.deepEqual(none.answer, { flow: null });
      const seen = { ...flowHelp, match: none.etag };
      assert.equal((await send(owner, 'PUT', '/default-flow', seen)).status, 200);
      assert.equal((await send(owner, 'PUT', '/default-flow', seen)).status, 412);
      assert.deepEqual((await send(owner, 'GET', '/default-flow')).answer, { flow: 'help' });
      const { rows } = await test.db.query('select id from flows where is_default');
      assert.deepEqual(rows, [{ id: 'help' }]);
      await send(owner, 'PUT', '/default-flow', { body: { flow: null }, match: '*' });
      assert.equal((await test.db.query('select id from flows where is_default')).rowCount, 0);
    });

    it('is open to each role as far as the contract says, and to no other site', async () => {
      const owner = await member('owner', []);
      await send(owner, 'PUT', '/flows/help', { body: draft() });
      await send(owner, 'POST', '/flows/help/publish', { match: '*' });
      const agent = await member('agent', ['sales']);
      const supervisor = await member('supervisor', ['sales']);
      const admin = await member('admin', []);
      const other = await signForSite('other');
      const tries: readonly [string, string, object?][] = [
        ['GET', '/flows'],
        ['GET', '/flows/help'],
        ['PUT', '/flows/help', { body: draft(), match: '*' }],
        ['GET', '/flows/help/versions'],
        ['GET', '/flows/help/versions/1'],
        ['GET', '/flows/help/compare?from=1'],
        ['POST', '/flows/help/check'],
        ['POST', '/flows/help/publish', { match: '*' }],
        ['POST', '/flows/help/roll-back', { body: { version: 1 }, match: '*' }],
        ['PUT', '/default-flow', { body: { flow: 'help' }, match: '*' }],
      ];
      for (const [method, path, options] of tries) {
        const as = async (token: string) => (await send(token, method, path, options)).status;
        const what = `${method} ${path}`;
        assert.equal(await as('x'.repeat(43)), 401, what);
        assert.equal(await as(agent), 403, what);
        assert.equal(await as(admin), 200, what);
        const publishes = /publish|roll-back|default/.test(path);
        assert.equal(await as(supervisor), publishes ? 403 : 200, `${what} by a supervisor`);
        if (path === '/flows' || method === 'PUT') continue;
        assert.equal(await as(other), 404, `${what} of another site`);
      }
      const foreign = { body: draft('service'), match: '*' };
      assert.equal((await send(supervisor, 'PUT', '/flows/help', foreign)).status, 403);
    });
  });
});
