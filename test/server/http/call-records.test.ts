import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { CallPage, CallRecord, Transcript } from '../../../src/protocol/rest/calls.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { openSession, writeAgent, writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { HttpFixture } from './http-fixture.ts';
import { RestClient } from './rest-client.ts';

const START = Date.UTC(2026, 0, 5, 9);

describe('the records of calls', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let rest: RestClient;
    let acme: ConsoleSite;
    /** One in `help`, which the agent took; one in `sales`, which nobody took. */
    let taken: string;
    let missed: string;

    before(async () => {
      http = await HttpFixture.open(test.db);
      rest = new RestClient(http.url);
    });
    after(() => http?.close());
    beforeEach(async () => {
      acme = await writeConsoleSite(test.db, 'acme');
      const insert = async (group: string, name: string, seconds: number | null, at: number) => {
        const { rows } = await test.db.query<{ id: string }>(
          `insert into calls (site_id, group_id, visitor_name, state, requested_at, connected_at, ended_at, ended_reason)
           values ('acme', $1, $2, 'ended', to_timestamp($3::float8), case when $4::int is not null then to_timestamp($3::float8) end,
                   to_timestamp($3::float8) + make_interval(secs => coalesce($4, 0)), 'visitor-ended') returning id`,
          [group, name, at / 1000, seconds],
        );
        return rows[0]?.id ?? '';
      };
      taken = await insert('help', '=cmd()', 90, START);
      missed = await insert('sales', 'Zoë <b>', null, START + 60_000);
      const passed = await writeAgent(test.db, 'acme', 'passed');
      const reason = {
        code: 'longest-idle',
        params: {
          group: 'Help',
          rulesVersion: 1,
          idleSeconds: 5,
          level: 1,
          ring: 0,
          candidates: 2,
          passedOver: [{ agentId: passed, code: 'busy' }],
        },
      };
      const leg = await test.db.query<{ id: string }>(
        `insert into legs (call_id, agent_id, site_id, group_id, reason, state, accepted_at, closed_at)
         values ($1, $2, 'acme', 'help', $3, 'closed', now(), now()) returning id`,
        [taken, acme.agents.agent, JSON.stringify(reason)],
      );
      await test.db.query('update calls set owner_leg_id = $2 where id = $1', [
        taken,
        leg.rows[0]?.id,
      ]);
    });

    const list = async (token: string, query = '') => {
      const page = await rest.read<CallPage>(token, `/calls?${query}`);
      return page.calls.map(({ id }) => id);
    };

    it('shows the whole site to admins, their groups to supervisors, and their own calls to agents', async () => {
      const { admin, supervisor, agent } = acme.tokens;
      assert.deepEqual(await list(admin), [missed, taken]);
      assert.deepEqual(await list(supervisor), [taken]);
      assert.deepEqual(await list(agent), [taken]);
      const idle = await openSession(
        test.db,
        await writeAgent(test.db, 'acme', 'idle', 'agent', ['help']),
      );
      assert.deepEqual(await list(idle), []);
      const status = async (token: string, id: string, path = '') =>
        (await rest.send(token, 'GET', `/calls/${id}${path}`)).status;
      for (const path of ['', '/messages', '/transcript', '/transcript?format=html']) {
        assert.equal(await status(agent, taken, path), 200, path);
        assert.equal(await status(idle, taken, path), 404, path);
        assert.equal(await status(supervisor, missed, path), 404, path);
      }
      const exported = await rest.send(supervisor, 'GET', '/calls/export?format=json');
      assert.deepEqual(
        ((await exported.json()) as { id: string }[]).map(({ id }) => id),
        [taken],
      );
    });

    it('tells the security log once of the messages that one person reads page by page', async () => {
      const readings = async () => {
        const { rows } = await test.db.query<{ agent_id: string }>(
          `select agent_id from audit where subject = $1 and after = '{"transcript": true}' order by sequence`,
          [`call:${taken}`],
        );
        return rows.map(({ agent_id: id }) => id);
      };
      const { owner, admin } = acme.tokens;
      const read = async (token: string, after: number) =>
        (await rest.send(token, 'GET', `/calls/${taken}/messages?after=${after}`)).status;
      for (const after of [0, 1, 2]) assert.equal(await read(owner, after), 200);
      assert.deepEqual(await readings(), [acme.agents.owner]);
      // Nobody evades the log by beginning at a later page.
      assert.equal(await read(admin, 1), 200);
      assert.equal(await read(owner, 0), 200);
      assert.deepEqual(await readings(), [acme.agents.owner, acme.agents.admin, acme.agents.owner]);
    });

    it('filters by time, group, agent, state, reason, visitor and length', async () => {
      const { owner } = acme.tokens;
      for (const [query, found] of [
        [`from=${START + 1}`, [missed]],
        [`to=${START + 1}`, [taken]],
        ['group=help', [taken]],
        [`agent=${acme.agents.agent}`, [taken]],
        [`agent=${acme.agents.owner}`, []],
        ['state=ended&sort=requestedAt', [taken, missed]],
        ['state=live', []],
        ['reason=visitor-ended', [missed, taken]],
        ['reason=cancelled', []],
        ['visitor=zo', [missed]],
        ['visitor=%25', []],
        ['minSeconds=90', [taken]],
        ['maxSeconds=89', []],
      ] as const) {
        assert.deepEqual(await list(owner, query), found, query);
      }
      const first = await rest.read<CallPage>(owner, '/calls?limit=1&sort=requestedAt');
      assert.deepEqual(await list(owner, `limit=1&sort=requestedAt&cursor=${first.cursor}`), [
        missed,
      ]);
    });

    it('are in the order of their length too, page by page, and take no cursor of another order', async () => {
      const { owner } = acme.tokens;
      assert.deepEqual(await list(owner, 'sort=seconds'), [missed, taken]);
      const longest = await rest.read<CallPage>(owner, '/calls?limit=1&sort=-seconds');
      assert.deepEqual(
        longest.calls.map(({ id }) => id),
        [taken],
      );
      const { cursor } = longest;
      assert.deepEqual(await list(owner, `limit=1&sort=-seconds&cursor=${cursor}`), [missed]);
      const other = await rest.send(owner, 'GET', `/calls?sort=-requestedAt&cursor=${cursor}`);
      assert.equal(other.status, 400);
    });

    it('says why a call came to an agent, with the names of those who were passed over', async () => {
      const record = await rest.read<CallRecord>(acme.tokens.supervisor, `/calls/${taken}`);
      assert.equal(record.legs[0]?.reason.code, 'longest-idle');
      assert.deepEqual(
        record.agents.map(({ username }) => username),
        ['agent', 'passed'],
      );
    });

    it('exports what the filter shows as CSV, without formulas of visitors, and as JSON', async () => {
      const { owner } = acme.tokens;
      await test.db.query(
        `insert into calls (site_id, group_id, visitor_name, state, ended_at, ended_reason)
         select 'acme', 'help', 'V' || n, 'ended', now(), 'cancelled' from generate_series(1, 1200) n`,
      );
      const csv = await rest.send(owner, 'GET', '/calls/export?format=csv');
      assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/);
      assert.match(
        csv.headers.get('content-disposition') ?? '',
        /attachment; filename="calls\.csv"/,
      );
      const text = Buffer.from(await csv.arrayBuffer()).toString();
      assert.ok(text.startsWith('\ufeffid,requestedAt,'));
      assert.equal(text.split('\r\n').length, 1 + 1202 + 1);
      assert.ok(text.includes(`,help,'=cmd(),`));
      assert.ok(text.includes('2026-01-05T09:00:00.000Z'));
      const json = await rest.send(owner, 'GET', '/calls/export?format=json&group=help');
      const calls = (await json.json()) as { id: string }[];
      assert.equal(new Set(calls.map(({ id }) => id)).size, 1201);
      const none = await rest.send(owner, 'GET', '/calls/export?format=json&visitor=nobody');
      assert.deepEqual(await none.json(), []);
      const { rows } = await test.db.query<{ after: object }>(
        `select after from audit where type = 'record-read' order by sequence`,
      );
      assert.deepEqual(rows[1]?.after, { export: { group: 'help' } });
    });

    it('gives the site’s words for params with a call, and in the language of a CSV file', async () => {
      const { owner } = acme.tokens;
      await test.db.query('update sites set param_labels = $1', [
        JSON.stringify([
          {
            name: 'fault',
            label: { en: 'Problem', 'zh-CN': '故障' },
            values: [{ value: 'no-power', text: { en: 'No power', 'zh-CN': '没电' } }],
          },
        ]),
      ]);
      await test.db.query('update calls set params = $2 where id = $1', [
        taken,
        '{"meter": "M-1", "fault": "no-power"}',
      ]);
      const call = await rest.read<CallRecord>(owner, `/calls/${taken}`);
      assert.deepEqual(Object.keys(call.visitor.params), ['meter', 'fault']);
      assert.equal(call.visitor.paramWords?.['fault']?.text?.en, 'No power');
      const csv = async (query: string) =>
        (await rest.send(owner, 'GET', `/calls/export?format=csv${query}`)).text();
      assert.ok((await csv('')).includes('meter: M-1; Problem: No power'));
      assert.ok((await csv('&language=zh-CN')).includes('meter: M-1; 故障: 没电'));
    });

    it('gives a transcript as data and as a page in which no text of a visitor is code', async () => {
      await test.db.query(
        `insert into rooms (number, site_id, kind, call_id) values (77, 'acme', 'call', $1)`,
        [missed],
      );
      await test.db.query('update calls set room = 77 where id = $1', [missed]);
      await test.db.query(
        `insert into participants (id, room, role, name, call_id) values ('p1', 77, 'visitor', 'Zoë <b>', $1)`,
        [missed],
      );
      await test.db.query(
        `insert into messages (room, sequence, id, participant_id, text)
         select 77, n, gen_random_uuid(), 'p1', case n when 1 then '<script>x</script>' else 'Line ' || n end
           from generate_series(1, 250) n`,
      );
      const { owner } = acme.tokens;
      const { messages, call } = await rest.read<Transcript>(owner, `/calls/${missed}/transcript`);
      assert.deepEqual(
        [messages.length, messages.at(-1)?.text, call.id],
        [250, 'Line 250', missed],
      );
      const page = await rest.send(owner, 'GET', `/calls/${missed}/transcript?format=html`);
      assert.match(page.headers.get('content-type') ?? '', /^text\/html/);
      assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/);
      const html = await page.text();
      assert.ok(html.includes('&lt;script&gt;x&lt;/script&gt;') && !html.includes('<script'));
      assert.ok(html.includes('Zoë &lt;b&gt;') && html.includes('Line 250'));
    });
  });
});
