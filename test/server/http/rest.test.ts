import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { hashPassword } from '../../../src/server/identity/password.ts';
import { verifyAgentToken } from '../../../src/server/identity/verify-agent-token.ts';
import { verifyRoomToken } from '../../../src/server/identity/room-token.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeTwoSites } from '../identity/sites.ts';
import { bearer, HttpFixture, key, signForSite } from './http-fixture.ts';

interface List {
  calls: { id: string; reason: string | null; visitor: { params: object; verified: boolean } }[];
  cursor: string | null;
}

/** A call's record, as far as it is looked at. */
interface Shown {
  requestedAt: number;
  reason: string;
  visitor: { params: object };
  transitions: { to: string; reason: string; agent: string; at: number }[];
  offers: { agent: string; state: string; why: string }[];
}

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

describe('the REST interface', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let calls: string[];

    before(async () => {
      http = await HttpFixture.open(test.db);
    });
    after(() => http?.close());
    beforeEach(async () => {
      await writeTwoSites(test.db);
      await test.db.query(
        `insert into skill_groups (site_id, id, name) values ('acme', 'help', 'Help'), ('other', 'help', 'Help')`,
      );
      const { rows } = await test.db.query<{ id: string }>(
        `insert into calls (site_id, group_id, visitor_name, params, requested_at, state, ended_at, ended_reason)
         select 'acme', 'help', 'V' || n, '{"meter":"7"}', now() - n * interval '1 hour', 'ended', now(), 'cancelled'
           from generate_series(1, 5) n returning id`,
      );
      calls = rows.map(({ id }) => id);
    });

    it('signs an agent in with a password, and out', async () => {
      await test.db.query(`update agents set password_hash = $1 where username = 'jo'`, [
        await hashPassword('secret'),
      ]);
      const response = await http.post('/api/v1/agent-sessions', {
        username: 'jo',
        password: 'secret',
      });
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      const { token } = (await response.json()) as { token: string };
      assert.equal((await verifyAgentToken(test.db, key, token)).siteId, 'acme');
      const leave = async () =>
        fetch(`${http.url}/api/v1/agent-sessions/current`, {
          method: 'DELETE',
          headers: await bearer(token),
        });
      assert.equal((await leave()).status, 204);
      assert.equal((await leave()).status, 401);
      assert.ok(!http.log.some((line) => line.includes(token) || line.includes('"secret"')));
    });

    it('answers every failure with a code', async () => {
      const wrong = await http.post('/api/v1/agent-sessions', { username: 'jo', password: 'x' });
      assert.deepEqual([wrong.status, await codeOf(wrong)], [401, 'unauthorized']);
      for (const body of [
        '{',
        '[]',
        '{}',
        '{"username":"jo"}',
        '{"username":"jo","password":"x","__proto__":{}}',
        '{"username":"jo","password":"x","more":1}',
      ]) {
        const response = await http.post('/api/v1/agent-sessions', body);
        assert.deepEqual([response.status, await codeOf(response)], [400, 'bad-message'], body);
      }
      const big = await http.post('/api/v1/agent-sessions', {
        username: 'a',
        password: 'x'.repeat(70_000),
      });
      assert.deepEqual([big.status, await codeOf(big)], [413, 'bad-message']);
      const text = await http.post('/api/v1/agent-sessions', 'x', { 'content-type': 'text/plain' });
      assert.deepEqual([text.status, await codeOf(text)], [415, 'bad-message']);
      const nowhere = await http.get('/api/v1/nowhere');
      assert.deepEqual([nowhere.status, await codeOf(nowhere)], [404, 'not-found']);
    });

    it('shows a call with what happened to it and why', async () => {
      const id = calls[0] ?? '';
      await test.db.query('update calls set epoch = 2 where id = $1', [id]);
      await test.db.query(
        `insert into offers (call_id, agent_id, epoch, state, deadline, closed_at, why)
         select $1, id, 1, 'missed', now(), now(), 'idle longest' from agents where username = 'jo'`,
        [id],
      );
      const response = await http.get(`/api/v1/calls/${id}`, await bearer(signForSite('acme')));
      const call = (await response.json()) as Shown;
      assert.equal(response.status, 200, JSON.stringify(call));
      assert.equal(call.reason, 'cancelled');
      assert.deepEqual(call.visitor.params, { meter: '7' });
      assert.deepEqual(
        call.transitions.map(({ to, reason, agent }) => [to, reason, agent]),
        [
          ['queued', 'requested', null],
          ['offered', 'offered', 'jo'],
          ['ended', 'cancelled', 'jo'],
        ],
      );
      assert.equal(call.transitions[0]?.at, call.requestedAt);
      const [offer] = call.offers;
      assert.deepEqual([offer?.agent, offer?.state, offer?.why], ['jo', 'missed', 'idle longest']);
    });

    it('lists calls page by page, each once, newest first', async () => {
      const headers = await bearer(signForSite('acme'));
      const seen: string[] = [];
      let cursor: string | null = '';
      for (let pages = 0; cursor !== null && pages < 5; pages += 1) {
        const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const list = (await (
          await http.get(`/api/v1/calls?limit=2${more}`, headers)
        ).json()) as List;
        seen.push(...list.calls.map(({ id }) => id));
        cursor = list.cursor;
      }
      assert.deepEqual(seen, calls);
      const from = Date.now() - 2.5 * 3_600_000;
      const recent = (await (
        await http.get(`/api/v1/calls?from=${Math.floor(from)}`, headers)
      ).json()) as List;
      assert.deepEqual(
        recent.calls.map(({ id }) => id),
        calls.slice(0, 2),
      );
      const bad = await http.get('/api/v1/calls?cursor=bm9uZQ', headers);
      assert.deepEqual([bad.status, await codeOf(bad)], [400, 'bad-message']);
      assert.equal((await http.get('/api/v1/calls?limit=1000', headers)).status, 400);
    });

    it('shows a site nothing of another', async () => {
      const foreign = await bearer(signForSite('other'));
      for (const path of [`/api/v1/calls/${calls[0]}`, `/api/v1/calls/${calls[0]}/messages`]) {
        assert.equal((await http.get(path, foreign)).status, 404, path);
      }
      const list = (await (await http.get('/api/v1/calls', foreign)).json()) as List;
      assert.deepEqual(list.calls, []);
      const made = await http.post('/api/v1/rooms', {}, await bearer(signForSite('acme')));
      const { number } = (await made.json()) as { number: number };
      const guest = { subject: 'g', name: 'G' };
      assert.equal((await http.post(`/api/v1/rooms/${number}/tokens`, guest, foreign)).status, 404);
    });

    it('asks for a token of its own', async () => {
      const agent = await bearer(signForSite('acme', { aud: 'rtc-desk-agent', sub: 'jo' }));
      for (const headers of [
        {},
        { authorization: 'Basic eDp5' },
        { authorization: 'Bearer ' },
        agent,
      ]) {
        const response = await http.get('/api/v1/calls', headers as Record<string, string>);
        assert.deepEqual([response.status, await codeOf(response)], [401, 'unauthorized']);
        assert.equal(response.headers.get('www-authenticate'), 'Bearer');
      }
    });

    it('makes a room and lets a guest in', async () => {
      const headers = await bearer(signForSite('acme'));
      const made = await http.post('/api/v1/rooms', { name: 'Hearing 12' }, headers);
      assert.equal(made.status, 201);
      const { number, name } = (await made.json()) as { number: number; name: string };
      assert.equal(name, 'Hearing 12');
      const guest = { subject: 'g-1', name: 'Judge Ortiz', seconds: 600 };
      const response = await http.post(`/api/v1/rooms/${number}/tokens`, guest, headers);
      assert.equal(response.status, 201);
      const { token } = (await response.json()) as { token: string };
      assert.deepEqual(await verifyRoomToken(key, token), {
        room: number,
        subject: 'g-1',
        name: 'Judge Ortiz',
        verified: true,
      });
      assert.equal((await http.post('/api/v1/rooms/0/tokens', guest, headers)).status, 400);
      await test.db.query('update rooms set closed_at = now()');
      assert.equal((await http.post(`/api/v1/rooms/${number}/tokens`, guest, headers)).status, 404);
    });

    it('closes a room, once, and only its own', async () => {
      const headers = await bearer(signForSite('acme'));
      const made = await http.post('/api/v1/rooms', {}, headers);
      const { number } = (await made.json()) as { number: number };
      const path = `/api/v1/rooms/${number}`;
      const foreign = await http.delete(path, await bearer(signForSite('other')));
      assert.deepEqual([foreign.status, await codeOf(foreign)], [404, 'not-found']);
      assert.equal((await http.delete(path)).status, 401);
      assert.equal((await http.delete(path, headers)).status, 204);
      assert.equal((await http.delete(path, headers)).status, 404);
      const guest = { subject: 'g', name: 'G' };
      assert.equal((await http.post(`${path}/tokens`, guest, headers)).status, 404);
      await test.db.query(
        `insert into rooms (number, site_id, call_id) values (5, 'acme', $1::uuid)`,
        [calls[0]],
      );
      const ofCall = await http.delete('/api/v1/rooms/5', headers);
      assert.equal(ofCall.status, 404, 'a call is ended, its room is not closed under it');
    });

    it('is open to pages of the sites’ origins alone', async () => {
      const ask = (origin: string) =>
        fetch(`${http.url}/api/v1/agent-sessions`, {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'authorization,content-type',
          },
        });
      for (const origin of ['https://www.acme.example', 'https://crm.acme.example']) {
        const allowed = await ask(origin);
        assert.equal(allowed.headers.get('access-control-allow-origin'), origin);
        assert.match(allowed.headers.get('access-control-allow-headers') ?? '', /authorization/i);
        assert.equal(allowed.headers.get('access-control-allow-credentials'), null);
      }
      for (const origin of [
        'https://evil.example',
        'null',
        'https://www.acme.example.evil.example',
      ]) {
        assert.equal((await ask(origin)).headers.get('access-control-allow-origin'), null, origin);
      }
    });

    it('describes itself', async () => {
      const { paths } = (await (await http.get('/api/v1/openapi.json')).json()) as {
        paths: object;
      };
      assert.deepEqual(Object.keys(paths).sort(), [
        '/api/v1/agent-sessions',
        '/api/v1/agent-sessions/current',
        '/api/v1/calls',
        '/api/v1/calls/{id}',
        '/api/v1/calls/{id}/messages',
        '/api/v1/embed',
        '/api/v1/rooms',
        '/api/v1/rooms/{number}',
        '/api/v1/rooms/{number}/images',
        '/api/v1/rooms/{number}/images/{id}',
        '/api/v1/rooms/{number}/tokens',
      ]);
    });
  });
});
