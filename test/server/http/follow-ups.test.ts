import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AgentRole } from '../../../src/protocol/agent-view.ts';
import type { FollowUp } from '../../../src/protocol/rest/follow-ups.ts';
import type { OwnCallback } from '../../../src/protocol/rest/own-callback.ts';
import { callbackCode } from '../../../src/server/callbacks/callback-code.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallbackWorld } from '../callbacks/callback-world.ts';
import { openSession, writeAgent } from './console-fixture.ts';
import { HttpFixture, key, signForSite } from './http-fixture.ts';

describe('messages and callbacks over REST', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let world: CallbackWorld;
    before(async () => {
      http = await HttpFixture.open(test.db, { publicUrl: 'https://desk.example.com' });
    });
    after(() => http?.close());
    beforeEach(async () => {
      world = await CallbackWorld.make(test.db, test.nodeId);
      await test.db.query(`insert into sites (id, name) values ('other', 'Other')`);
    });

    const person = async (role: AgentRole, groups = ['sales'], username: string = role) => {
      const id = await writeAgent(test.db, 'shop', username, role, groups);
      return { id, token: await openSession(test.db, id) };
    };
    const send = async (
      token: string,
      method: string,
      path: string,
      { body, match = '*' }: { body?: unknown; match?: string | null } = {},
    ) => {
      const response = await fetch(`${http.url}/api/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(match !== null && { 'if-match': match }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return { status: response.status, answer: (text ? JSON.parse(text) : null) as unknown };
    };
    const list = async (token: string, query = '') => {
      const { answer } = await send(token, 'GET', `/follow-ups${query}`);
      return answer as { items: FollowUp[]; cursor: string | null };
    };
    const change = async (token: string, id: string, body: object, match = '*') =>
      (await send(token, 'PATCH', `/follow-ups/${id}`, { body, match })).status;

    it('lists them to the agents of the group, page by page, the newest first', async () => {
      const ids = [
        await world.left('letter'),
        await world.left('back'),
        await world.left('letter'),
      ];
      const { token } = await person('agent');
      const first = await list(token, '?limit=2');
      const second = await list(token, `?limit=2&cursor=${first.cursor}`);
      const seen = [...first.items, ...second.items];
      assert.deepEqual(
        seen.map(({ id }) => id),
        [...ids].reverse(),
      );
      assert.equal(second.cursor, null);
      assert.deepEqual(
        seen.map(({ kind, callback }) => [kind, callback?.state]),
        [
          ['message', undefined],
          ['callback', 'waiting'],
          ['message', undefined],
        ],
      );
      const [message] = seen;
      assert.deepEqual(
        [message?.visitor, message?.contact, message?.text],
        ['Mei', 'Mei@shop.test', 'No power'],
      );
      assert.equal((await list(token, '?kind=callback')).items.length, 1);
      assert.equal((await list(token, '?group=service')).items.length, 0);
    });

    it('shows nothing to an agent of another group and to another site', async () => {
      const id = await world.left('letter');
      const strangers = [
        (await person('agent', ['service'])).token,
        (await person('supervisor', ['service'])).token,
        await signForSite('other'),
      ];
      for (const token of strangers) {
        assert.deepEqual((await list(token, '')).items, []);
        for (const [method, path, body] of [
          ['GET', '', undefined],
          ['PATCH', '', { handled: true }],
          ['POST', '/callback', undefined],
        ] as const) {
          const { status } = await send(token, method, `/follow-ups/${id}${path}`, { body });
          assert.equal(status, 404, method);
        }
      }
      const [, supervisor = ''] = strangers;
      assert.equal((await send(supervisor, 'DELETE', `/follow-ups/${id}`)).status, 404);
    });

    it('says who takes care of one: agents name themselves, a supervisor names an agent of the group', async () => {
      const id = await world.left('letter');
      const ana = await person('agent');
      const bea = await person('agent', ['sales'], 'bea');
      const boss = await person('supervisor');
      const elsewhere = await person('agent', ['service'], 'elsewhere');
      assert.equal(await change(ana.token, id, { assignee: bea.id }), 403);
      assert.equal(await change(ana.token, id, { assignee: ana.id }), 200);
      assert.deepEqual((await list(bea.token)).items[0]?.assignee, { id: ana.id, name: 'agent' });
      assert.equal(await change(bea.token, id, { assignee: bea.id }), 200);
      assert.equal(await change(ana.token, id, { assignee: null }), 403);
      assert.equal(await change(boss.token, id, { assignee: elsewhere.id }), 400);
      assert.equal(await change(boss.token, id, { assignee: ana.id }), 200);
    });

    it('refuses a change of what somebody else has changed, and one without a version', async () => {
      const id = await world.left('letter');
      const { token, id: agent } = await person('agent');
      const [before] = (await list(token)).items;
      const version = `"${before?.version}"`;
      assert.equal(await change(token, id, { assignee: agent }, version), 200);
      assert.equal(await change(token, id, { handled: true }, version), 412);
      const without = { body: { handled: true }, match: null };
      assert.equal((await send(token, 'PATCH', `/follow-ups/${id}`, without)).status, 428);
      assert.equal((await list(token)).items[0]?.handledAt, null);
    });

    it('notes that one was answered, takes that back, and cancels its callback', async () => {
      const id = await world.left('back');
      const { token } = await person('agent');
      assert.equal(await change(token, id, { handled: true }), 200);
      assert.deepEqual((await list(token, '?status=open')).items, []);
      const [handled] = (await list(token, '?status=handled')).items;
      assert.deepEqual(
        [handled?.handledBy, handled?.callback?.state],
        ['agent agent', 'cancelled'],
      );
      assert.equal(await change(token, id, { handled: false }), 200);
      assert.equal((await list(token, '?status=open')).items.length, 1);
    });

    it('answers a message by a callback, once', async () => {
      const id = await world.left('letter');
      const { token } = await person('agent');
      const begun = await send(token, 'POST', `/follow-ups/${id}/callback`);
      assert.equal(begun.status, 201);
      assert.equal((begun.answer as FollowUp).callback?.state, 'waiting');
      assert.equal((await send(token, 'POST', `/follow-ups/${id}/callback`)).status, 409);
      await world.agent('Alice');
      await world.sweep();
      assert.equal((await world.callback(id)).state, 'due');
    });

    it('is deleted by a supervisor of the group, with its callback, and by no agent', async () => {
      const id = await world.left('back');
      await world.agent('Alice');
      await world.sweep();
      const agent = await person('agent');
      const boss = await person('supervisor');
      assert.equal((await send(agent.token, 'DELETE', `/follow-ups/${id}`)).status, 403);
      assert.equal((await send(boss.token, 'DELETE', `/follow-ups/${id}`)).status, 204);
      const { rows } = await test.db.query<{ state: string }>(
        `select state from calls where ended_reason is distinct from 'callback-requested'`,
      );
      assert.deepEqual(rows, [{ state: 'ended' }]);
      assert.equal((await send(boss.token, 'GET', `/follow-ups/${id}`)).status, 404);
      const log = await test.db.query<{ before: object }>(
        `select type, agent_id, subject = 'call:' || (select id from calls where ended_reason = 'callback-requested') as of_call,
                before - 'leftAt' as before from audit where type = 'message-deleted'`,
      );
      const before = { kind: 'callback', group: 'sales' };
      const row = { type: 'message-deleted', agent_id: boss.id, of_call: true, before };
      assert.deepEqual(log.rows, [row]);
    });

    describe('the code of a callback', () => {
      const own = async (code: string, method = 'GET') =>
        (await send(code, method, '/own-callback')).answer as OwnCallback;

      it('shows its visitor how it stands, and nothing about anybody else', async () => {
        const id = await world.left('back');
        const code = callbackCode(key, id);
        const seen = await own(code);
        assert.deepEqual([seen.site, seen.group, seen.state], ['shop', 'Sales', 'waiting']);
        assert.match(seen.pushKey ?? '', /^[A-Za-z0-9_-]{87}$/);
        assert.ok(!http.log.some((line) => line.includes(code)), 'the code is in the log');
        assert.equal((await own(callbackCode(key, await world.left('letter')))).state, null);
      });

      it('cancels it', async () => {
        const id = await world.left('back');
        const code = callbackCode(key, id);
        assert.equal((await send(code, 'DELETE', '/own-callback')).status, 204);
        assert.equal((await own(code)).state, 'cancelled');
      });

      it('is asked for: a wrong one, an agent’s session and none open nothing', async () => {
        const id = await world.left('back');
        const { token } = await person('owner');
        const code = callbackCode(key, id);
        const wrong = callbackCode(new Uint8Array(32).fill(8), id);
        for (const bad of [wrong, `${code.slice(0, -2)}AA`, token, 'x']) {
          for (const method of ['GET', 'DELETE']) {
            assert.equal((await send(bad, method, '/own-callback')).status, 401, bad);
          }
        }
        assert.equal((await fetch(`${http.url}/api/v1/own-callback`)).status, 401);
        assert.equal((await world.callback(id)).state, 'waiting');
        // Nor does it open what only agents see.
        assert.equal((await send(code, 'GET', '/follow-ups')).status, 401);
      });

      it('subscribes a browser, at an HTTPS address only', async () => {
        const code = callbackCode(key, await world.left('back'));
        const keys = { p256dh: 'B'.repeat(87), auth: 'a'.repeat(22) };
        const put = async (endpoint: string) =>
          (
            await send(code, 'PUT', '/own-callback/push-subscription', {
              body: { endpoint, expirationTime: null, keys },
            })
          ).status;
        assert.equal(await put('http://push.example.com/1'), 400);
        assert.equal(await put('https://push.example.com/1'), 204);
        for (const n of [2, 3, 4, 5]) assert.equal(await put(`https://push.example.com/${n}`), 204);
        assert.equal(await put('https://push.example.com/6'), 409);
      });
    });
  });
});
