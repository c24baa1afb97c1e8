import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AgentAccount, MadeAgent } from '../../../src/protocol/rest/agents.ts';
import type { AuditPage } from '../../../src/protocol/rest/audit.ts';
import type { SiteSettings } from '../../../src/protocol/rest/site-settings.ts';
import type { SkillGroup, SkillGroupPage } from '../../../src/protocol/rest/skill-groups.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { openSession, writeAgent, writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { HttpFixture } from './http-fixture.ts';
import { codeOf, RestClient } from './rest-client.ts';

describe('configuration over REST', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let acme: ConsoleSite;
    let send: RestClient['send'];
    let etagOf: RestClient['etag'];
    let change: RestClient['change'];

    before(async () => {
      http = await HttpFixture.open(test.db);
      const client = new RestClient(http.url);
      send = client.send.bind(client);
      etagOf = client.etag.bind(client);
      change = client.change.bind(client);
    });
    after(() => http?.close());
    beforeEach(async () => {
      acme = await writeConsoleSite(test.db, 'acme');
    });

    const audit = async (subject: string) => {
      const path = `/audit?subject=${encodeURIComponent(subject)}`;
      return ((await (await send(acme.tokens.owner, 'GET', path)).json()) as AuditPage).items;
    };

    it('tells the second of two who change the same thing, and overwrites nothing', async () => {
      const { owner, admin } = acme.tokens;
      const etag = await etagOf(owner, '/groups/help');
      assert.equal(etag, await etagOf(admin, '/groups/help'));
      const first = await send(
        owner,
        'PATCH',
        '/groups/help',
        { name: 'Help desk' },
        { 'if-match': etag },
      );
      assert.equal(first.status, 200);
      assert.notEqual(first.headers.get('etag'), etag);
      const second = await send(
        admin,
        'PATCH',
        '/groups/help',
        { name: 'Mine' },
        { 'if-match': etag },
      );
      assert.deepEqual([second.status, await codeOf(second)], [412, 'precondition-failed']);
      const group = (await (await send(admin, 'GET', '/groups/help')).json()) as SkillGroup;
      assert.equal(group.name, 'Help desk');
      const blind = await send(admin, 'PATCH', '/groups/help', { name: 'Mine' });
      assert.deepEqual([blind.status, await codeOf(blind)], [428, 'precondition-required']);
      const etags = await Promise.all(
        ['One', 'Two', 'Three'].map((name) =>
          send(
            owner,
            'PATCH',
            '/groups/help',
            { name },
            { 'if-match': first.headers.get('etag') ?? '' },
          ),
        ),
      );
      assert.deepEqual(etags.map(({ status }) => status).sort(), [200, 412, 412], 'at one moment');
    });

    it('tells the security log what was before and after, by whom', async () => {
      await change(acme.tokens.admin, 'PATCH', '/groups/help', { wrapUpSeconds: 90 });
      await change(acme.tokens.admin, 'PATCH', '/groups/help', { wrapUpSeconds: 90 });
      const [row, ...others] = await audit('group:help');
      assert.deepEqual(others, [], 'a change that changes nothing is no row');
      assert.deepEqual([row?.before, row?.after], [{ wrapUpSeconds: 30 }, { wrapUpSeconds: 90 }]);
      assert.deepEqual(row?.actor, { kind: 'agent', id: acme.agents.admin, name: 'admin' });
    });

    it('takes captions by the cloud only where the server has one, and translations only from it', async () => {
      const captions = { mode: 'shown', languages: ['zh-CN'], by: 'cloud' };
      const { owner, agent } = acme.tokens;
      const patch = async (client: RestClient, token: string, body: object) => {
        const etag = await client.etag(owner, '/site');
        return client.send(token, 'PATCH', '/site', body, { 'if-match': etag });
      };
      const plain = new RestClient(http.url);
      const refused = await patch(plain, owner, { captions });
      assert.deepEqual([refused.status, await codeOf(refused)], [400, 'bad-message']);
      const withTrtc = await HttpFixture.open(test.db, { trtc: TEST_TRTC });
      try {
        const rest = new RestClient(withTrtc.url);
        const whole = { ...captions, translate: true };
        const accepted = await patch(rest, owner, { captions: whole });
        assert.deepEqual(((await accepted.json()) as SiteSettings).captions, whole);
        for (const wrong of [
          { ...captions, by: 'browser', translate: true },
          { mode: 'shown', languages: [], translate: true },
          { ...captions, by: 'tencent' },
        ]) {
          const response = await patch(rest, owner, { captions: wrong });
          assert.deepEqual([response.status, await codeOf(response)], [400, 'bad-message']);
        }
        const stranger = await patch(rest, agent, { captions });
        assert.deepEqual([stranger.status, await codeOf(stranger)], [403, 'forbidden']);
      } finally {
        await withTrtc.close();
      }
    });

    it('makes a thing once for one Idempotency-Key', async () => {
      const { owner, admin } = acme.tokens;
      const key = { 'idempotency-key': 'attempt 1' };
      const make = (token: string, body: object) => send(token, 'POST', '/groups', body, key);
      const body = { id: 'billing', name: 'Billing' };
      const [first, again] = [await make(owner, body), await make(owner, body)];
      assert.deepEqual([first.status, again.status], [201, 201]);
      assert.deepEqual(await again.json(), await first.json());
      assert.equal(again.headers.get('etag'), first.headers.get('etag'));
      const other = await make(owner, { ...body, id: 'else' });
      assert.deepEqual([other.status, await codeOf(other)], [422, 'idempotency-mismatch']);
      assert.equal((await make(admin, body)).status, 409, 'the key of another caller');
      const failed = { 'idempotency-key': 'attempt 2' };
      const wrong = { id: 'sales2', name: 'Sales', hours: 'none' };
      assert.equal((await send(owner, 'POST', '/groups', wrong, failed)).status, 400);
      assert.equal(
        (await send(owner, 'POST', '/groups', { ...wrong, hours: 'office' }, failed)).status,
        201,
      );
      const secret = () =>
        send(
          owner,
          'POST',
          '/api-keys',
          { name: 'K', scopes: ['calls:read'] },
          { 'idempotency-key': '3' },
        );
      assert.equal((await secret()).status, 201);
      assert.equal((await secret()).status, 409, 'an answer with a secret is not stored');
      const { rows } = await test.db.query('select from api_keys');
      assert.equal(rows.length, 1);
    });

    it('pages through a list in its order, with filters', async () => {
      const { owner } = acme.tokens;
      for (const name of ['Delta', 'alpha', 'Charlie', 'bravo']) {
        await send(owner, 'POST', '/groups', { id: name.toLowerCase(), name });
      }
      const read = async (query: string) => {
        const names: string[] = [];
        let cursor: string | null = '';
        while (cursor !== null) {
          const path: string = `/groups?limit=2&${query}${cursor && `&cursor=${cursor}`}`;
          const page = (await (await send(owner, 'GET', path)).json()) as SkillGroupPage;
          names.push(...page.items.map(({ name }) => name));
          cursor = page.cursor;
        }
        return names;
      };
      const sorted = ['alpha', 'bravo', 'Charlie', 'Delta', 'Help', 'Sales'];
      assert.deepEqual(await read('sort=name'), sorted);
      assert.deepEqual(await read('sort=-name'), [...sorted].reverse());
      assert.deepEqual(await read(''), ['Help', 'Sales', 'Delta', 'alpha', 'Charlie', 'bravo']);
      assert.deepEqual(await read('sort=name&q=L'), ['alpha', 'Charlie', 'Delta', 'Help', 'Sales']);
      assert.deepEqual(await read('q=%25'), [], 'a percent sign is no wildcard');
      const { cursor } = (await (
        await send(owner, 'GET', '/groups?limit=1&sort=name')
      ).json()) as SkillGroupPage;
      for (const query of [`sort=-name&cursor=${cursor}`, 'cursor=nonsense']) {
        const response = await send(owner, 'GET', `/groups?${query}`);
        assert.deepEqual([response.status, await codeOf(response)], [400, 'bad-message'], query);
      }
    });

    it('keeps supervisors within their own groups', async () => {
      const { supervisor } = acme.tokens;
      const page = (await (await send(supervisor, 'GET', '/groups')).json()) as SkillGroupPage;
      assert.deepEqual(
        page.items.map(({ id }) => id),
        ['help'],
      );
      assert.equal(
        (await change(supervisor, 'PATCH', '/groups/help', { priority: 7 })).status,
        200,
      );
      const any = { 'if-match': '*' };
      assert.equal(
        (await send(supervisor, 'PATCH', '/groups/sales', { priority: 7 }, any)).status,
        404,
      );
      assert.equal(
        (await change(supervisor, 'PATCH', '/hours/office', { name: 'Ours' })).status,
        200,
      );
      await change(acme.tokens.owner, 'PATCH', '/groups/sales', { hours: 'office' });
      assert.equal((await change(supervisor, 'PATCH', '/hours/office', { name: 'X' })).status, 403);
      const stranger = await writeAgent(test.db, 'acme', 'stranger', 'agent', ['sales']);
      assert.equal((await send(supervisor, 'GET', `/agents/${stranger}`)).status, 404);
    });

    it('lets admins change only those below them, and nobody themselves', async () => {
      const { admin, owner } = acme.tokens;
      const { agents } = acme;
      const patch = async (token: string, id: string, body: object) =>
        (await change(token, 'PATCH', `/agents/${id}`, body)).status;
      assert.equal(await patch(admin, agents.supervisor, { role: 'agent' }), 200);
      assert.equal(await patch(admin, agents.agent, { role: 'admin' }), 403);
      assert.equal(await patch(admin, agents.owner, { disabled: true }), 403);
      assert.equal(await patch(admin, agents.admin, { role: 'supervisor' }), 403);
      assert.equal(await patch(admin, agents.admin, { name: 'Me', groups: [] }), 200);
      assert.equal(await patch(owner, agents.owner, { disabled: true }), 403);
      const made = async (role: string) =>
        (await send(admin, 'POST', '/agents', { username: role, name: 'New', role })).status;
      assert.deepEqual([await made('admin'), await made('owner')], [403, 403]);
      const reset = await send(admin, 'POST', `/agents/${agents.owner}/password-link`, {});
      assert.equal(reset.status, 403);
      const members = { members: [{ id: agents.owner, level: 1 }] };
      assert.equal((await change(admin, 'PUT', '/groups/sales/members', members)).status, 403);
      const twin = await writeAgent(test.db, 'acme', 'twin', 'owner');
      assert.equal(await patch(owner, twin, { role: 'agent' }), 200);
    });

    it('takes off the second factor of an agent below, whose sessions end', async () => {
      const { tokens, agents } = acme;
      await test.db.query(`update agents set second_factor = 'x' where site_id = 'acme'`);
      await test.db.query(
        `insert into recovery_codes (agent_id, code_hash) select id, 'x' from agents where site_id = 'acme'`,
      );
      const takeOff = async (token: string, id: string) =>
        (await send(token, 'DELETE', `/agents/${id}/second-factor`)).status;
      const other = await writeConsoleSite(test.db, 'other');
      assert.equal(await takeOff(other.tokens.owner, agents.supervisor), 404);
      assert.equal(await takeOff(tokens.supervisor, agents.agent), 403);
      assert.equal(await takeOff(tokens.admin, agents.owner), 403);
      assert.equal(await takeOff(tokens.admin, agents.admin), 403);
      assert.equal(await takeOff(tokens.admin, agents.supervisor), 204);
      assert.equal(await takeOff(tokens.admin, agents.supervisor), 409);
      assert.equal((await send(tokens.supervisor, 'GET', '/groups')).status, 401);
      const { rows } = await test.db.query(
        `select a.second_factor is null as off, (select count(*)::int from recovery_codes r where r.agent_id = a.id) as codes
           from agents a where a.id = any ($1) order by a.username`,
        [[agents.admin, agents.supervisor]],
      );
      assert.deepEqual(rows, [
        { off: false, codes: 1 },
        { off: true, codes: 0 },
      ]);
      const log = await test.db.query(
        `select actor, agent_id, subject from audit where type = 'second-factor-removed'`,
      );
      const subject = `agent:${agents.supervisor}`;
      assert.deepEqual(log.rows, [{ actor: 'agent', agent_id: agents.admin, subject }]);
    });

    it('makes, changes and disables an agent, whose sessions end', async () => {
      const { owner } = acme.tokens;
      const body = { username: 'ann', name: 'Ann', groups: [{ id: 'help', level: 2 }] };
      const made = await send(owner, 'POST', '/agents', body);
      assert.equal(made.status, 201);
      const { agent, passwordLink } = (await made.json()) as MadeAgent;
      assert.match(passwordLink?.link ?? '', /\/admin\/password#[\w-]{43}$/);
      assert.deepEqual([agent.password, agent.groups], [false, body.groups]);
      assert.equal(await codeOf(await send(owner, 'POST', '/agents', body)), 'taken');
      const unknown = { ...body, username: 'bo', groups: [{ id: 'nope', level: 1 }] };
      assert.equal((await send(owner, 'POST', '/agents', unknown)).status, 400);
      await openSession(test.db, agent.id);
      const told = new Set<string>();
      const stop = test.db.wake.listen((topics) => {
        if (topics !== 'everything') for (const topic of topics) told.add(topic);
      });
      const changed = await change(owner, 'PATCH', `/agents/${agent.id}`, { disabled: true });
      assert.equal(((await changed.json()) as AgentAccount).disabled, true);
      await waitUntil('it is told', () => told.has(`sessions:${agent.id}`));
      stop();
      const { rows } = await test.db.query('select from agent_sessions where agent_id = $1', [
        agent.id,
      ]);
      assert.equal(rows.length, 0);
      assert.deepEqual(
        (await audit(`agent:${agent.id}`)).map(({ type }) => type),
        ['configuration-changed', 'agent-disabled', 'configuration-changed'],
      );
    });

    it('sets the members of a group with their levels', async () => {
      const { owner } = acme.tokens;
      const { agents } = acme;
      const members = [
        { id: agents.agent, level: 3 },
        { id: agents.owner, level: 1 },
      ];
      const changed = await change(owner, 'PUT', '/groups/sales/members', { members });
      assert.equal(changed.status, 200);
      const read = (await changed.json()) as { members: { username: string; level: number }[] };
      assert.deepEqual(
        read.members.map(({ username, level }) => [username, level]),
        [
          ['agent', 3],
          ['owner', 1],
        ],
      );
      const twice = { members: [members[0], members[0]] };
      assert.equal((await change(owner, 'PUT', '/groups/sales/members', twice)).status, 400);
    });

    it('numbers the versions of routing rules', async () => {
      const { owner } = acme.tokens;
      const versionAfter = async (settings: object) => {
        const changed = await change(owner, 'PATCH', '/groups/help', settings);
        return ((await changed.json()) as { rulesVersion: number }).rulesVersion;
      };
      assert.equal(await versionAfter({ name: 'Help desk' }), 1);
      const rules = { preferLast: { seconds: 30 } };
      assert.equal(await versionAfter({ rules }), 2);
      assert.equal(await versionAfter({ rules, priority: 3 }), 2);
      assert.equal(await versionAfter({ rules: {} }), 3);
      const made = await send(owner, 'POST', '/groups', { id: 'new', name: 'New', rules });
      assert.equal(((await made.json()) as { rulesVersion: number }).rulesVersion, 1);
      const wrong = await change(owner, 'PATCH', '/groups/help', { rulesVersion: 9 });
      assert.equal(wrong.status, 400);
    });

    it('deletes nothing that something refers to', async () => {
      const { owner } = acme.tokens;
      const refused = async (path: string) => codeOf(await change(owner, 'DELETE', path));
      assert.equal(await refused('/hours/office'), 'in-use');
      const rules = { rings: [{ afterSeconds: 5, groups: ['sales'] }] };
      await change(owner, 'PATCH', '/groups/help', { rules, hours: null });
      assert.equal(await refused('/groups/sales'), 'in-use');
      await test.db.query(
        `insert into calls (site_id, group_id, visitor_name) values ('acme', 'help', 'V')`,
      );
      assert.equal(await refused('/groups/help'), 'in-use');
      await change(owner, 'PATCH', '/groups/help', { rules: {} });
      assert.equal((await change(owner, 'DELETE', '/groups/sales')).status, 204);
      assert.equal((await change(owner, 'DELETE', '/hours/office')).status, 204);
      assert.equal((await send(owner, 'GET', '/groups/sales')).status, 404);
    });
  });
});
