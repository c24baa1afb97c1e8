import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Flow } from '../../../src/protocol/flow.ts';
import type { FlowTrial, FlowTrialResult } from '../../../src/protocol/rest/flows.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { contractFlow, flow } from '../flows/flow-fixture.ts';
import { writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { HttpFixture, signForSite } from './http-fixture.ts';

/** The contract's example with the groups of the fixture, and a request before the second queue. */
const help: Flow = flow({
  ...contractFlow.nodes,
  m: { ...contractFlow.nodes['m']!, next: { product: 'q1', fault: 'r' } } as Flow['nodes'][string],
  r: {
    type: 'request',
    url: 'https://crm.test/',
    send: ['device'],
    answer: { plan: 'contract.plan' },
    next: { ok: 'q2', error: 'l', timeout: 'l' },
  },
  q1: { type: 'queue', group: 'help', next: { full: 'l', nobody: 'l', timeout: 'c' } },
  q2: {
    type: 'queue',
    group: 'sales',
    priority: 2,
    next: { full: 'l', nobody: 'l', timeout: 'c' },
  },
});

/** A Monday at noon, when the hours are open, and midnight. */
const NOON = Date.UTC(2026, 10, 30, 12);
const NIGHT = Date.UTC(2026, 10, 30, 0);

describe('trying a flow over REST', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let site: ConsoleSite;
    let other: ConsoleSite;

    before(async () => {
      http = await HttpFixture.open(test.db);
    });
    beforeEach(async () => {
      site = await writeConsoleSite(test.db, 'acme');
      other = await writeConsoleSite(test.db, 'other');
      await test.db.query(
        `insert into memberships (agent_id, site_id, group_id) values ($1, 'acme', 'sales')`,
        [site.agents.supervisor],
      );
      await test.db.query(
        `update hours set schedule = '{"timeZone": "UTC", "exceptions": [],
           "open": [{"days": [1, 2, 3, 4, 5], "from": "09:00", "to": "18:00"}]}'`,
      );
      await ask(site.tokens.owner, 'PUT', '/flows/help', { name: 'Help', document: help });
    });
    after(() => http?.close());

    async function ask(
      token: string,
      method: string,
      path: string,
      body?: unknown,
      match: string | null = null,
    ) {
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
      const answer = (text === '' ? null : JSON.parse(text)) as { code?: string };
      return { status: response.status, answer };
    }

    async function walk(trial: FlowTrial): Promise<FlowTrialResult> {
      const { status, answer } = await ask(
        site.tokens.supervisor,
        'POST',
        '/flows/help/try',
        trial,
      );
      assert.equal(status, 200, JSON.stringify(answer));
      return answer as unknown as FlowTrialResult;
    }

    it('shows the step that a visitor would see at that time, in their language', async () => {
      const open = await walk({ at: NOON, language: 'zh-CN' });
      assert.ok(open.at.kind === 'step' && open.at.step.type === 'menu');
      assert.equal(open.at.step.title, '请选择问题类型');
      const closed = await walk({ at: NIGHT });
      assert.equal(closed.at.kind === 'step' && closed.at.step.type, 'leave-message');
    });

    it('ends at a queue with its priority, and tells whether the group is open then', async () => {
      const product = { kind: 'answer', value: 'product' } as const;
      const first = await walk({ at: NOON, inputs: [product] });
      assert.ok(first.at.kind === 'queue');
      assert.deepEqual([first.at.group, first.at.open], ['help', true]);
      const timeout = { kind: 'exit', exit: 'timeout' } as const;
      const later = await walk({ at: NOON, inputs: [product, timeout] });
      assert.equal(later.at.node, 'c');
      const contact = { kind: 'answer', value: { contact: '+49 30 1' } } as const;
      const ended = await walk({ at: NOON, inputs: [product, timeout, contact] });
      assert.deepEqual(ended.at, { kind: 'end', node: 'e', reason: 'callback-requested' });
      assert.deepEqual(ended.left, [{ kind: 'callback', group: 'help' }]);
    });

    it('asks what a request answers, and takes the params of the answer', async () => {
      const fault = { kind: 'answer', value: 'fault' } as const;
      const trial = { at: NOON, params: { device: 'M1', other: 'x' } };
      const asked = await walk({ ...trial, inputs: [fault] });
      assert.deepEqual(asked.at, {
        kind: 'request',
        node: 'r',
        url: 'https://crm.test/',
        params: { device: 'M1' },
      });
      const ok = { kind: 'exit', exit: 'ok', answer: { contract: { plan: 'gold' } } } as const;
      const queued = await walk({ ...trial, inputs: [fault, ok] });
      assert.deepEqual(queued.params, { device: 'M1', other: 'x', plan: 'gold' });
      assert.deepEqual(queued.at.kind === 'queue' && [queued.at.group, queued.at.priority], [
        'sales',
        2,
      ]);
    });

    it('takes a document that is not saved, and refuses answers that do not fit', async () => {
      const document = flow({
        s: { type: 'start', next: { next: 'c' } },
        c: {
          type: 'condition',
          cases: [
            { id: 'signed', fact: 'verified' },
            { id: 'long', fact: 'wait', group: 'help', test: 'above', seconds: 60 },
          ],
          next: { signed: 'q' },
        },
        q: { type: 'queue', group: 'help' },
      });
      const signed = await walk({ document, verified: true });
      assert.equal(signed.at.kind, 'queue');
      const long = await walk({ document, waits: { help: 61 } });
      assert.deepEqual(long.at, { kind: 'end', node: 'c', reason: 'flow-ended' });
      const wrong = [
        { inputs: [{ kind: 'answer', value: 'nothing' }] },
        { inputs: [{ kind: 'exit', exit: 'ok' }] },
        { document, verified: true, inputs: [{ kind: 'exit', exit: 'open' }] },
        { document, verified: true, inputs: [{ kind: 'answer', value: 'next' }] },
      ];
      for (const trial of wrong) {
        const path = '/flows/help/try';
        const { status, answer } = await ask(site.tokens.owner, 'POST', path, {
          at: NOON,
          ...trial,
        });
        assert.deepEqual([status, answer.code], [400, 'invalid-params'], JSON.stringify(trial));
      }
      const bad = { document: { schema: 1, start: 's', nodes: { s: { type: 'menu' } } } };
      assert.equal((await ask(site.tokens.owner, 'POST', '/flows/help/try', bad)).status, 400);
    });

    it('makes no call, leaves no message and writes nothing', async () => {
      const count = async () => {
        const { rows } = await test.db.query(
          `select (select count(*)::int from calls) as calls, (select count(*)::int from follow_ups) as messages,
                  (select count(*)::int from outbox) as outbox, (select sum(revision)::int from flows) as revisions`,
        );
        return rows[0];
      };
      const before = await count();
      const message = { kind: 'answer', value: { contact: 'a@b.test', text: 'Hello' } } as const;
      const left = await walk({ at: NIGHT, inputs: [message] });
      assert.equal(left.at.kind, 'end');
      assert.deepEqual(await count(), before);
    });

    it('is for those who may edit the flow, with their own groups, and for no other site', async () => {
      const as = async (token: string, body: object = {}) =>
        (await ask(token, 'POST', '/flows/help/try', body)).status;
      assert.equal(await as(site.tokens.agent), 403);
      assert.equal(await as(other.tokens.owner), 404);
      assert.equal(await as(await signForSite('other')), 404);
      assert.equal(await as(site.tokens.supervisor), 200);
      await test.db.query(`delete from memberships where group_id = 'sales'`);
      assert.equal(await as(site.tokens.supervisor), 403, 'the draft leads to another group');
      const document = flow({ s: { type: 'start' }, q: { type: 'queue', group: 'help' } });
      assert.equal(await as(site.tokens.supervisor, { document }), 200);
    });

    it('checks a document that is not saved', async () => {
      const document = flow({ s: { type: 'start' } });
      const { answer } = await ask(site.tokens.owner, 'POST', '/flows/help/check', { document });
      const { faults } = answer as unknown as { faults: { code: string }[] };
      assert.deepEqual(
        faults.map(({ code }) => code),
        ['exit-unwired', 'no-way-out'],
      );
    });

    it('deletes a flow for those who may, and keeps one in use', async () => {
      const { owner, supervisor } = site.tokens;
      const document = flow({ s: { type: 'start', next: { next: 'e' } }, e: { type: 'end' } });
      const make = (id: string) => ask(owner, 'PUT', `/flows/${id}`, { name: id, document });
      await make('draft');
      assert.equal((await ask(supervisor, 'DELETE', '/flows/draft')).status, 428);
      assert.equal((await ask(supervisor, 'DELETE', '/flows/draft', undefined, '"9"')).status, 412);
      assert.equal((await ask(supervisor, 'DELETE', '/flows/draft', undefined, '*')).status, 204);
      await make('used');
      await ask(owner, 'POST', '/flows/used/publish', undefined, '*');
      assert.equal((await ask(supervisor, 'DELETE', '/flows/used', undefined, '*')).status, 403);
      await ask(owner, 'PUT', '/default-flow', { flow: 'used' }, '*');
      const inUse = await ask(owner, 'DELETE', '/flows/used', undefined, '*');
      assert.deepEqual([inUse.status, inUse.answer.code], [409, 'in-use']);
      await ask(owner, 'PUT', '/default-flow', { flow: null }, '*');
      await test.db.query(
        `insert into calls (site_id, visitor_name, state, ended_at, ended_reason, flow_version_id)
         select 'acme', 'Mei', 'ended', now(), 'flow-ended', id from flow_versions where flow_id = 'used'`,
      );
      assert.equal((await ask(owner, 'DELETE', '/flows/used', undefined, '*')).status, 409);
      await test.db.query('delete from calls');
      assert.equal((await ask(owner, 'DELETE', '/flows/used', undefined, '*')).status, 204);
      assert.equal((await ask(owner, 'GET', '/flows/used')).status, 404);
    });

    it('tells in the list what is published, by whom, and whether the draft is newer', async () => {
      const { owner } = site.tokens;
      const document = flow({ s: { type: 'start', next: { next: 'e' } }, e: { type: 'end' } });
      await ask(owner, 'PUT', '/flows/listed', { name: 'Listed', document });
      const listed = async () => {
        const { answer } = await ask(owner, 'GET', '/flows');
        const { flows } = answer as unknown as { flows: Record<string, unknown>[] };
        const found = flows.find(({ id }) => id === 'listed');
        return [found?.['publishedVersion'], found?.['publishedBy'], found?.['draftChanged']];
      };
      assert.deepEqual(await listed(), [null, null, true]);
      await ask(owner, 'POST', '/flows/listed/publish', undefined, '*');
      assert.deepEqual(await listed(), [1, 'owner owner', false]);
      const moved = { ...document, layout: { s: [10, 20] } };
      await ask(owner, 'PUT', '/flows/listed', { name: 'Listed', document: moved }, '*');
      assert.deepEqual(await listed(), [1, 'owner owner', false]);
      const changed = { ...document, nodes: { ...document.nodes, s: { type: 'start' } } };
      await ask(owner, 'PUT', '/flows/listed', { name: 'Listed', document: changed }, '*');
      assert.deepEqual(await listed(), [1, 'owner owner', true]);
    });
  });
});
