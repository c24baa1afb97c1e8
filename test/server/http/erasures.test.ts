import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import { importJWK, jwtVerify, type JWK } from 'jose';
import { sessionHash } from '../../../src/server/identity/session-hash.ts';
import { pino } from 'pino';
import { carryOutErasures } from '../../../src/server/retention/carry-out-erasures.ts';
import { subjectHash, type Erasure } from '../../../src/server/retention/erasure.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeTwoSites } from '../identity/sites.ts';
import { bearer, HttpFixture, signForSite } from './http-fixture.ts';

type State = Erasure & { certificate: string | null };

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

const silent = pino({ level: 'silent' });

describe('erasure and retention over REST', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let call: string;

    before(async () => {
      http = await HttpFixture.open(test.db);
    });
    after(() => http?.close());
    beforeEach(async () => {
      await writeTwoSites(test.db);
      await test.db.query(
        `insert into skill_groups (site_id, id, name) values ('acme', 'help', 'Help'), ('other', 'help', 'Help')`,
      );
      await test.db.query(
        `insert into visitors (site_id, external_id, name) values ('acme', 'C-1', 'Clara'), ('other', 'C-1', 'Carl')`,
      );
      const { rows } = await test.db.query<{ id: string }>(
        `insert into calls (site_id, group_id, visitor_name, visitor_id, state, ended_at, ended_reason)
         select v.site_id, 'help', v.name, v.id, 'ended', now(), 'cancelled' from visitors v order by v.site_id
         returning id`,
      );
      call = rows[0]?.id ?? '';
    });

    /** The headers of a session of an agent with this role. */
    async function session(role: string): Promise<Record<string, string>> {
      const token = randomBytes(32).toString('base64url');
      await test.db.query(
        `with a as (insert into agents (site_id, username, name, role) values ('acme', $1, $1, $1) returning id)
         insert into agent_sessions (token_hash, agent_id, expires_at) select $2, id, now() + interval '1 hour' from a`,
        [role, sessionHash(token)],
      );
      return bearer(token);
    }
    const backend = () => bearer(signForSite('acme'));
    const calls = async () =>
      (await test.db.query<{ site_id: string }>('select site_id from calls order by 1')).rows.map(
        ({ site_id }) => site_id,
      );

    it('counts in a dry run, erases by a job, and certifies what was deleted', async () => {
      const headers = await session('owner');
      const dry = await http.post('/api/v1/erasures', { visitor: 'C-1', dryRun: true }, headers);
      assert.equal(dry.status, 200);
      assert.equal(((await dry.json()) as { calls: number }).calls, 1);
      assert.deepEqual(await calls(), ['acme', 'other']);

      const ordered = await http.post('/api/v1/erasures', { visitor: 'C-1' }, headers);
      assert.equal(ordered.status, 202);
      const { id, finishedAt, certificate: none } = (await ordered.json()) as State;
      assert.deepEqual([finishedAt, none], [null, null]);
      while (await carryOutErasures(test.db, silent));
      assert.deepEqual(await calls(), ['other']);

      const path = `/api/v1/erasures/${id}`;
      const { certificate, ...state } = (await (await http.get(path, headers)).json()) as State;
      const key = (await (await http.get('/api/v1/erasure-key')).json()) as JWK;
      const { payload, protectedHeader } = await jwtVerify(certificate ?? '', await importJWK(key));
      assert.equal(protectedHeader.typ, 'erasure+jwt');
      const { kind, requestedBy, requestedAt, finishedAt: finished, deleted, digest } = state;
      assert.deepEqual(payload, {
        iss: 'rtc-desk',
        jti: id,
        iat: Math.floor((finished ?? 0) / 1000),
        site: 'acme',
        kind,
        subjectHash: subjectHash('C-1'),
        requestedBy,
        requestedAt,
        finishedAt: finished,
        deleted,
        digest,
      });
      assert.equal(requestedBy, 'owner owner');
      assert.equal(deleted.calls, 1);
      const [head, body, signature] = (certificate ?? '').split('.');
      const forged = Buffer.from(JSON.stringify({ ...payload, site: 'other' })).toString(
        'base64url',
      );
      await assert.rejects(jwtVerify(`${head}.${forged}.${signature}`, await importJWK(key)));
      assert.ok(body);
    });

    it('erases one call for the backend of the site', async () => {
      const ordered = await http.post('/api/v1/erasures', { call }, await backend());
      assert.equal(ordered.status, 202);
      while (await carryOutErasures(test.db, silent));
      assert.deepEqual(await calls(), ['other']);
    });

    it('obeys nobody but the owner and the backend', async () => {
      for (const role of ['agent', 'supervisor', 'admin']) {
        const headers = await session(role);
        const refused = await http.post('/api/v1/erasures', { visitor: 'C-1' }, headers);
        assert.deepEqual([refused.status, await codeOf(refused)], [403, 'forbidden'], role);
        assert.equal((await http.get('/api/v1/retention', headers)).status, 403, role);
        assert.equal((await patch({ chatDays: 1 }, headers)).status, 403, role);
      }
      for (const token of ['nonsense', await signForSite('acme', { aud: 'rtc-desk-agent' })]) {
        const headers = await bearer(token);
        assert.equal((await http.post('/api/v1/erasures', { call }, headers)).status, 401);
        assert.equal((await patch({ chatDays: 1 }, headers)).status, 401);
      }
      assert.equal((await http.post('/api/v1/erasures', { call })).status, 401);
      assert.deepEqual(await calls(), ['acme', 'other']);
    });

    it('knows nothing of another site', async () => {
      const foreign = await bearer(signForSite('other'));
      const refused = await http.post('/api/v1/erasures', { call }, foreign);
      assert.deepEqual([refused.status, await codeOf(refused)], [404, 'not-found']);
      const ordered = await http.post('/api/v1/erasures', { call }, await backend());
      const { id } = (await ordered.json()) as State;
      assert.equal((await http.get(`/api/v1/erasures/${id}`, foreign)).status, 404);
      await http.post('/api/v1/erasures', { visitor: 'C-1' }, foreign);
      while (await carryOutErasures(test.db, silent));
      assert.deepEqual(await calls(), []);
      const visitors = await test.db.query('select site_id from visitors');
      assert.deepEqual(visitors.rows, [{ site_id: 'acme' }]);
    });

    it('refuses an order that names nobody, or two', async () => {
      const headers = await backend();
      for (const order of [{}, { visitor: 'C-1', call }, { visitor: '' }, { call: 'x' }]) {
        const refused = await http.post('/api/v1/erasures', order, headers);
        assert.deepEqual([refused.status, await codeOf(refused)], [400, 'bad-message']);
      }
      const unknown = await http.post('/api/v1/erasures', { visitor: 'C-9' }, headers);
      assert.deepEqual([unknown.status, await codeOf(unknown)], [404, 'not-found']);
    });

    const patch = async (periods: object, headers: Record<string, string>) =>
      fetch(`${http.url}/api/v1/retention`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', 'if-match': '*', ...headers },
        body: JSON.stringify(periods),
      });

    it('lets the owner say how long data are kept', async () => {
      const headers = await session('owner');
      const before = (await (await http.get('/api/v1/retention', headers)).json()) as object;
      const changed = await patch({ chatDays: 7 }, headers);
      assert.deepEqual([changed.status, await changed.json()], [200, { ...before, chatDays: 7 }]);
      const { rows } = await test.db.query('select id, chat_days from sites order by id');
      assert.deepEqual(rows, [
        { id: 'acme', chat_days: 7 },
        { id: 'other', chat_days: 365 },
      ]);
      for (const wrong of [{ chatDays: 0 }, { chatDays: 1.5 }, { chatDays: 3651 }, { days: 1 }]) {
        assert.equal((await patch(wrong, headers)).status, 400, JSON.stringify(wrong));
      }
    });
  });
});
