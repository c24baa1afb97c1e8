import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import type { Database } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { hashPassword, verifyPassword } from '../../../src/server/identity/password.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { writeTwoSites } from '../identity/sites.ts';
import { bearer, HttpFixture, SCRIPT } from './http-fixture.ts';

const CURRENT = '/api/v1/agent-sessions/current';
const NEW_PASSWORD = 'copper-kettle-91';

describe('an agent’s account over HTTP', () => {
  let db: Database;
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let http: HttpFixture;

  before(async () => {
    directory = await freshDataDirectory();
    db = await openDatabase({ dataDir: directory.dataDir, nodeId: randomUUID() });
    await writeTwoSites(db);
    await db.query(`update agents set password_hash = $1`, [await hashPassword('secret')]);
    http = await HttpFixture.open(db);
  });
  after(async () => {
    await http?.close();
    await db?.close();
    await directory?.remove();
  });

  const send = (method: string, path: string, headers: Record<string, string>, body?: object) =>
    fetch(http.url + path, {
      method,
      headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
  async function signIn(site: string, username: string, password = 'secret') {
    const response = await http.post('/api/v1/agent-sessions', { site, username, password });
    assert.equal(response.status, 200);
    const { token } = (await response.json()) as { token: string };
    const setCookie = response.headers.get('set-cookie') ?? '';
    return { token, setCookie, cookie: setCookie.split(';')[0] ?? '' };
  }

  it('is signed in by a cookie that no script reads, for the desk of its own site alone', async () => {
    const { cookie, setCookie } = await signIn('acme', 'jo');
    assert.match(setCookie, /^__Host-rtc-desk-acme=[A-Za-z0-9_-]{43}; Path=\/; Max-Age=4\d{4};/);
    for (const attribute of ['HttpOnly', 'Secure', 'SameSite=None', 'Partitioned']) {
      assert.ok(setCookie.includes(`; ${attribute}`), attribute);
    }
    const status = async (headers: Record<string, string>) =>
      (await send('GET', CURRENT, headers)).status;
    assert.equal(await status({ cookie, 'rtc-desk-site': 'acme' }), 200);
    assert.equal(await status({ cookie, 'rtc-desk-site': 'other' }), 204);
    // Without the header, which only this server's own pages may send, the cookie counts for nothing.
    assert.equal(await status({ cookie }), 401);
    const preflight = await send('OPTIONS', CURRENT, {
      origin: 'https://crm.acme.example',
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'rtc-desk-site',
    });
    const allowed = preflight.headers.get('access-control-allow-headers') ?? '';
    assert.doesNotMatch(allowed, /rtc-desk-site/i);
    assert.equal(preflight.headers.get('access-control-allow-credentials'), null);
    const out = await send('DELETE', CURRENT, { cookie, 'rtc-desk-site': 'acme' });
    assert.equal(out.status, 204);
    assert.match(out.headers.get('set-cookie') ?? '', /^__Host-rtc-desk-acme=; .*Max-Age=0;/);
    assert.equal(await status({ cookie, 'rtc-desk-site': 'acme' }), 204);
  });

  it('changes its password, which ends its other sessions', async () => {
    const [one, two] = [await signIn('acme', 'jo'), await signIn('acme', 'jo')];
    const change = (current: string, password: string) =>
      bearer(one.token).then((headers) =>
        send('PUT', `${CURRENT}/password`, headers, { current, password }),
      );
    const refused: [string, string, string][] = [
      ['secret', 'short', 'password-refused'],
      ['secret', 'password123', 'password-refused'],
      ['wrong', NEW_PASSWORD, 'unauthorized'],
    ];
    for (const [current, password, code] of refused) {
      const response = await change(current, password);
      assert.equal(((await response.json()) as { code: string }).code, code);
    }
    assert.equal((await change('secret', NEW_PASSWORD)).status, 204);
    assert.equal((await send('GET', CURRENT, await bearer(one.token))).status, 200);
    assert.equal((await send('GET', CURRENT, await bearer(two.token))).status, 401);
    await signIn('acme', 'jo', NEW_PASSWORD);
    const stranger = await signIn('other', 'kim');
    const body = { current: NEW_PASSWORD, password: 'another-password-1' };
    const foreign = await send('PUT', `${CURRENT}/password`, await bearer(stranger.token), body);
    assert.equal(foreign.status, 401, 'a password is changed for the session’s own agent');
    assert.equal((await send('PUT', `${CURRENT}/password`, {}, body)).status, 401);
  });

  it('is offered a second factor for the roles of the console only', async () => {
    const { token } = await signIn('other', 'kim');
    const path = `${CURRENT}/second-factor`;
    assert.equal((await send('POST', path, await bearer(token))).status, 403);
    assert.equal((await send('POST', path, {})).status, 401);
    await db.query(`update agents set role = 'owner' where username = 'kim'`);
    const made = await send('POST', path, await bearer(token));
    assert.equal(made.status, 201);
    const { secret, uri } = (await made.json()) as { secret: string; uri: string };
    assert.match(uri, /^otpauth:\/\/totp\/Other:kim/);
    const wrong = { code: '000000', enabled: true };
    assert.equal((await send('PUT', path, await bearer(token), wrong)).status, 401);
    const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
    const on = await send('PUT', path, await bearer(token), { code, enabled: true });
    assert.equal(on.status, 200);
    const { recoveryCodes } = (await on.json()) as { recoveryCodes: string[] };
    const renewal = `${CURRENT}/recovery-codes`;
    const renew = async (headers: Record<string, string>, value = recoveryCodes[0]) =>
      (await send('POST', renewal, headers, { code: value })).status;
    assert.equal(await renew({}), 401);
    await db.query('update agents set password_hash = $1', [await hashPassword('secret')]);
    const stranger = await signIn('acme', 'jo');
    assert.equal(await renew(await bearer(stranger.token)), 409);
    assert.equal(await renew(await bearer(token), 'no code'), 400);
    assert.equal(await renew(await bearer(token)), 201);
    assert.equal(await renew(await bearer(token)), 401);
  });

  it('is refused at once while many sign in, and nobody waits for a script meanwhile', async () => {
    const finished: string[] = [];
    const hashes = Array.from({ length: 18 }, () =>
      verifyPassword('x', null).then(() => finished.push('hash')),
    );
    // The files are in memory: they are served although the disk has them no more.
    const folder = (http as unknown as { folder: string }).folder;
    await rm(join(folder, 'browser'), { recursive: true });
    const script = await http.get('/rtc-desk.js', { 'accept-encoding': 'identity' });
    assert.equal(await script.text(), SCRIPT);
    finished.push('script');
    await Promise.all(hashes);
    assert.ok(finished.indexOf('script') < 9, finished.join(' '));
  });
});
