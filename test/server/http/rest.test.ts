import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { hashPassword } from '../../../src/server/identity/password.ts';
import { verifyAgentToken } from '../../../src/server/identity/verify-agent-token.ts';
import { verifyRoomToken } from '../../../src/server/identity/room-token.ts';
import type { CallRecord } from '../../../src/protocol/rest/calls.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { declineOffer } from '../../../src/server/legs/decline-offer.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from '../calls/call-world.ts';
import { writeTwoSites } from '../identity/sites.ts';
import { bearer, HttpFixture, key, signForSite } from './http-fixture.ts';

interface List {
  calls: { id: string; reason: string | null; visitor: { params: object; verified: boolean } }[];
  cursor: string | null;
}

interface Body {
  content?: Record<string, { schema: { properties?: object } }>;
}

/** A route as OpenAPI describes it. */
interface Route {
  requestBody?: Required<Body>;
  parameters?: object[];
  responses: Record<string, Body>;
}

const lowerCase = (object: object) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name.toLowerCase(), value]));

const codeOf = async (response: Response) => ((await response.json()) as { code: string }).code;

/** Orders whose address says all, and the upload of a picture. */
const WITHOUT_JSON =
  /\/(images|second-factor|check|publish|test|again|callback|device-test|own-call\/erasure)$/;

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
        site: 'acme',
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

    it('needs the site of a sign-in if there are several, and knows an agent on their own site only', async () => {
      await test.db.query(`update agents set password_hash = $1 where username = 'jo'`, [
        await hashPassword('secret'),
      ]);
      const signIn = (site?: string) =>
        http.post('/api/v1/agent-sessions', { site, username: 'jo', password: 'secret' });
      const [unnamed, other, own] = [await signIn(), await signIn('other'), await signIn('acme')];
      assert.deepEqual([unnamed.status, await codeOf(unnamed)], [404, 'unknown-site']);
      assert.deepEqual([other.status, await codeOf(other)], [401, 'unauthorized']);
      assert.equal(own.status, 200);
      await test.db.transaction(async (tx) => {
        await tx.query(`set local rtc_desk.retention = 'on'`);
        await tx.query(`delete from sites where id = 'other'`);
      });
      assert.equal((await signIn()).status, 200, 'there is one site now');
    });

    it('answers every failure with a code', async () => {
      const guess = { site: 'acme', username: 'jo', password: 'x' };
      const wrong = await http.post('/api/v1/agent-sessions', guess);
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

    it('shows a call with its legs and events', async () => {
      const world = await CallWorld.make(test.db, test.nodeId);
      const [first, second] = [await world.agent('Alice'), await world.agent('Bob')];
      const visitor = await world.visitor({ params: { meter: '7' } });
      const offer = await world.offerOf(visitor.callId);
      await declineOffer(test.db, { legId: offer.id, agentId: first.id });
      await world.connected(visitor, second);
      await endCall(test.db, { callId: visitor.callId, by: { role: 'visitor' } });
      const path = `/api/v1/calls/${visitor.callId}`;
      const response = await http.get(path, await bearer(signForSite('shop')));
      const call = (await response.json()) as CallRecord;
      assert.equal(response.status, 200, JSON.stringify(call));
      assert.deepEqual([call.state, call.reason], ['ended', 'visitor-ended']);
      assert.deepEqual(call.visitor.params, { meter: '7' });
      assert.equal(call.agent?.username, 'Bob');
      assert.ok(call.acceptedAt !== null && call.connectedAt !== null);
      assert.deepEqual(
        call.legs.map(({ agent, kind, state, group }) => [agent, kind, state, group]),
        [
          ['Alice', 'first', 'declined', 'sales'],
          ['Bob', 'first', call.legs[1]?.state, 'sales'],
        ],
      );
      assert.equal(call.legs[0]?.reason.code, 'longest-idle');
      assert.equal(call.legs[0]?.endReason, 'declined');
      assert.deepEqual(
        call.events.map(({ sequence }) => sequence),
        call.events.map((_, index) => index + 1),
      );
      assert.deepEqual(
        call.events
          .filter(({ actor }) => actor !== 'system')
          .map(({ type, actor }) => [type, actor]),
        [
          ['created', 'visitor'],
          ['queued', 'visitor'],
          ['offer-declined', 'agent'],
          ['accepted', 'agent'],
          ['ready', 'agent'],
          ['connected', 'visitor'],
          ['ended', 'visitor'],
        ],
      );
      assert.equal(call.events.find(({ type }) => type === 'offer-declined')?.agent, 'Alice');
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

    it('shows a site nothing of another site', async () => {
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

    it('requires an API token', async () => {
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

    it('makes a room and issues a guest’s token for it', async () => {
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

    it('closes a room once, and only a room of the own site', async () => {
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
        `insert into rooms (number, site_id, kind, call_id) values (5, 'acme', 'call', $1::uuid)`,
        [calls[0]],
      );
      const ofCall = await http.delete('/api/v1/rooms/5', headers);
      assert.equal(ofCall.status, 404, 'a call’s room is not closed this way');
    });

    it('can be read by pages of the sites’ origins only', async () => {
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

    it('is described in OpenAPI, with every body, parameter and answer', async () => {
      const { paths } = (await (await http.get('/api/v1/openapi.json')).json()) as {
        paths: Record<string, Record<string, Route>>;
      };
      for (const [path, methods] of Object.entries(paths)) {
        for (const [method, { requestBody, parameters = [], responses }] of Object.entries(
          methods,
        )) {
          const what = `${method} ${path}`;
          const success = Object.entries(responses).find(([status]) => status.startsWith('2'));
          assert.ok(success && '4xx' in lowerCase(responses), what);
          if (path.includes('{')) assert.ok(parameters.length > 0, what);
          if (method === 'post' && !WITHOUT_JSON.test(path)) {
            assert.ok(requestBody?.content['application/json']?.schema.properties, what);
          }
        }
      }
      const record = paths['/api/v1/calls/{id}']?.['get']?.responses['200'];
      const properties = record?.content?.['application/json']?.schema.properties ?? {};
      for (const name of ['legs', 'events', 'visitor']) assert.ok(name in properties, name);
    });
  });
});
