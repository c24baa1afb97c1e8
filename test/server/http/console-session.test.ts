import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { ConsoleSession } from '../../../src/protocol/rest/console-session.ts';
import type { PasswordLink } from '../../../src/protocol/rest/agents.ts';
import { hashPassword } from '../../../src/server/identity/password.ts';
import { makeSetupCode } from '../../../src/server/sites/first-owner.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { openSession, writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { bearer, HttpFixture } from './http-fixture.ts';

const PASSWORD = 'copper-kettle-91';
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const SESSION = '/api/v1/console/session';

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;
const cookieOf = (response: Response) => response.headers.get('set-cookie')?.split(';')[0] ?? '';

describe('the console’s session', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let acme: ConsoleSite;
    let hash: string;

    before(async () => {
      hash = await hashPassword(PASSWORD);
      http = await HttpFixture.open(test.db);
    });
    after(() => http?.close());
    beforeEach(async () => {
      acme = await writeConsoleSite(test.db, 'acme');
      await test.db.query('update agents set password_hash = $1', [hash]);
    });

    const signIn = (username: string) =>
      http.post(SESSION, { site: 'acme', username, password: PASSWORD });
    const send = (method: string, path: string, headers: Record<string, string>, body?: object) =>
      fetch(http.url + path, {
        method,
        headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
        ...(body && { body: JSON.stringify(body) }),
      });

    it('signs staff in by a cookie that no script and no other site can use', async () => {
      const response = await signIn('supervisor');
      assert.equal(response.status, 200);
      const setCookie = response.headers.get('set-cookie') ?? '';
      assert.match(
        setCookie,
        /^__Host-rtc-desk-console=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=4\d{4};/,
      );
      for (const attribute of ['HttpOnly', 'Secure', 'SameSite=Strict']) {
        assert.ok(setCookie.includes(`; ${attribute}`), attribute);
      }
      const session = (await response.json()) as ConsoleSession;
      assert.deepEqual(session.groups, ['help']);
      assert.deepEqual(
        [session.may.routing, session.may.agents, session.may.audit],
        ['groups', 'none', 'none'],
      );
      const cookie = cookieOf(response);
      const current = await http.get(SESSION, { cookie, ...SAME_ORIGIN });
      assert.deepEqual(await current.json(), session);
      assert.equal((await http.get('/api/v1/agents', { cookie, ...SAME_ORIGIN })).status, 200);
      assert.equal((await send('DELETE', SESSION, { cookie, ...SAME_ORIGIN })).status, 204);
      assert.equal((await http.get(SESSION, { cookie, ...SAME_ORIGIN })).status, 204);
      assert.equal((await http.get('/api/v1/agents', { cookie, ...SAME_ORIGIN })).status, 401);
    });

    it('takes its cookie from pages of this server only', async () => {
      const cookie = cookieOf(await signIn('owner'));
      const status = async (method: string, headers: Record<string, string>) =>
        (
          await send(
            method,
            '/api/v1/site',
            { cookie, ...headers },
            method === 'GET' ? undefined : {},
          )
        ).status;
      const own = new URL(http.url);
      for (const site of ['cross-site', 'same-site']) {
        assert.equal(await status('GET', { 'sec-fetch-site': site }), 403, site);
        assert.equal(
          await status('PATCH', { 'sec-fetch-site': site, origin: own.origin }),
          403,
          site,
        );
      }
      assert.equal(await status('GET', { 'sec-fetch-site': 'none' }), 200, 'a typed address');
      assert.equal(await status('PATCH', { 'sec-fetch-site': 'none' }), 403);
      assert.equal(await status('PATCH', SAME_ORIGIN), 428, 'let through to the next check');
      assert.equal(await status('PATCH', { origin: own.origin }), 428);
      assert.equal(await status('PATCH', { origin: 'https://evil.example' }), 403);
      assert.equal(await status('PATCH', {}), 403, 'neither header');
      // A token of its own goes before the cookie.
      const other = await openSession(test.db, acme.agents.agent);
      assert.equal(await status('GET', { ...SAME_ORIGIN, ...(await bearer(other)) }), 403);
    });

    it('is for supervisors, admins and owners', async () => {
      const response = await signIn('agent');
      assert.deepEqual([response.status, await codeOf(response)], [403, 'forbidden']);
      assert.equal(response.headers.get('set-cookie'), null);
      const wrong = await http.post(SESSION, { site: 'acme', username: 'owner', password: 'x' });
      assert.equal(wrong.status, 401);
      assert.equal((await http.get(SESSION)).status, 204);
    });

    it('lets the people of the console change their own password', async () => {
      const cookie = cookieOf(await signIn('owner'));
      const body = { current: PASSWORD, password: 'another-kettle-92' };
      const path = '/api/v1/agent-sessions/current/password';
      assert.equal((await send('PUT', path, { cookie }, body)).status, 403);
      assert.equal((await send('PUT', path, { cookie, ...SAME_ORIGIN }, body)).status, 204);
    });

    it('gives an agent a password by a link, once', async () => {
      const owner = await bearer(acme.tokens.owner);
      const id = acme.agents.supervisor;
      const made = await send('POST', `/api/v1/agents/${id}/password-link`, owner, {});
      assert.equal(made.status, 201);
      const { link } = (await made.json()) as PasswordLink;
      const code = new URL(link).hash.slice(1);
      assert.equal(new URL(link).pathname, '/admin/password');
      assert.equal((await signIn('supervisor')).status, 401, 'the old password has ended');
      const look = await http.post('/api/v1/password-links/current', { code });
      assert.deepEqual(((await look.json()) as { username: string }).username, 'supervisor');
      const choose = (password: string) =>
        send('PUT', '/api/v1/password-links/current', {}, { code, password });
      assert.deepEqual(await codeOf(await choose('short')), 'password-refused');
      assert.equal((await choose(PASSWORD)).status, 200);
      const again = await choose('another-kettle-92');
      assert.deepEqual([again.status, await codeOf(again)], [410, 'link-expired']);
      assert.equal((await signIn('supervisor')).status, 200);
      const { rows } = await test.db.query<{ type: string }>(
        `select type from audit where subject = $1 order by sequence`,
        [`agent:${id}`],
      );
      assert.deepEqual(
        rows.map(({ type }) => type).filter((type) => type.startsWith('password')),
        ['password-reset', 'password-changed'],
      );
      assert.ok(!http.log.some((line) => line.includes(code)));
    });

    it('voids a link that has expired, or was followed by another', async () => {
      const owner = await bearer(acme.tokens.owner);
      const order = async () => {
        const path = `/api/v1/agents/${acme.agents.admin}/password-link`;
        const { link } = (await (await send('POST', path, owner, {})).json()) as PasswordLink;
        return new URL(link).hash.slice(1);
      };
      const look = async (code: string) =>
        (await http.post('/api/v1/password-links/current', { code })).status;
      const [first, second] = [await order(), await order()];
      assert.deepEqual([await look(first), await look(second)], [410, 200]);
      await test.db.query(`update password_links set expires_at = now() - interval '1 second'`);
      assert.equal(await look(second), 410);
    });

    it('makes the first owner by the link of an empty installation, once', async () => {
      assert.equal(await makeSetupCode(test.db), null, 'there is a site');
      await test.empty();
      const [code, another] = [await makeSetupCode(test.db), await makeSetupCode(test.db)];
      const setUp = (withCode: string | null, password = PASSWORD) =>
        http.post('/api/v1/setup', {
          code: withCode,
          site: { id: 'first', name: 'First', timeZone: 'Asia/Shanghai' },
          owner: { username: 'ada', name: 'Ada', password },
        });
      assert.deepEqual(await (await http.get('/api/v1/setup')).json(), { needed: true });
      assert.equal((await setUp('guess')).status, 410);
      assert.equal((await setUp(code, 'short')).status, 400);
      const made = await setUp(code);
      assert.equal(made.status, 201);
      const session = (await made.json()) as ConsoleSession;
      assert.deepEqual([session.agent.role, session.site.id], ['owner', 'first']);
      const cookie = cookieOf(made);
      assert.equal((await http.get('/api/v1/site', { cookie, ...SAME_ORIGIN })).status, 200);
      assert.equal((await setUp(another)).status, 410, 'the code of another node');
      assert.deepEqual(await (await http.get('/api/v1/setup')).json(), { needed: false });
    });
  });
});
