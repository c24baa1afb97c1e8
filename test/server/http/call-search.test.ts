import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AuditPage } from '../../../src/protocol/rest/audit.ts';
import type { CallSearchPage } from '../../../src/protocol/rest/call-search.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { HttpFixture } from './http-fixture.ts';
import { RestClient } from './rest-client.ts';

const START = Date.UTC(2026, 0, 5, 9);

describe('the search in conversations', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let rest: RestClient;
    let acme: ConsoleSite;
    let room = 1_000;

    before(async () => {
      http = await HttpFixture.open(test.db);
      rest = new RestClient(http.url);
    });
    after(() => http?.close());
    beforeEach(async () => {
      acme = await writeConsoleSite(test.db, 'acme');
    });

    /** An ended call with what was written, said and noted. `agent`: it was taken by the site's agent. */
    async function call(
      { minute = 0, group = 'help', agent = false, site = 'acme' },
      {
        chat = [],
        said = [],
        notes = [],
      }: {
        chat?: readonly string[];
        said?: readonly string[];
        notes?: readonly string[];
      },
    ): Promise<string> {
      const number = (room += 1);
      const at = (START + minute * 60_000) / 1000;
      const [visitor] = [randomUUID().slice(0, 8)];
      const { rows } = await test.db.query<{ id: string }>(
        `insert into calls (site_id, group_id, visitor_name, state, requested_at, connected_at, ended_at, ended_reason)
         values ($1, $2, 'Mei', 'ended', to_timestamp($3), to_timestamp($3), to_timestamp($3) + interval '1 minute',
                 'visitor-ended') returning id`,
        [site, group, at],
      );
      const id = rows[0]!.id;
      await test.db.query(
        `insert into rooms (number, site_id, kind, call_id) values ($1, $2, 'call', $3)`,
        [number, site, id],
      );
      await test.db.query('update calls set room = $2 where id = $1', [id, number]);
      await test.db.query(
        `insert into participants (id, room, role, call_id, name) values ($1, $2, 'visitor', $3, 'Mei')`,
        [visitor, number, id],
      );
      for (const [index, text] of chat.entries()) {
        await test.db.query(
          `insert into messages (room, sequence, id, participant_id, sent_at, text)
           values ($1, $2::int, gen_random_uuid(), $3, to_timestamp($4) + make_interval(secs => $2::int), $5)`,
          [number, index + 1, visitor, at, text],
        );
      }
      for (const text of said) {
        await test.db.query(
          `insert into transcript_lines (call_id, id, participant_id, spoken_at, language, text)
           values ($1, gen_random_uuid(), $2, to_timestamp($3), 'en', $4)`,
          [id, visitor, at, text],
        );
      }
      for (const [index, text] of notes.entries()) {
        await test.db.query(
          'insert into call_notes (call_id, agent_id, version, text) values ($1, $2, $3, $4)',
          [id, acme.agents.agent, index + 1, text],
        );
      }
      if (agent) {
        await test.db.query(
          `insert into legs (call_id, agent_id, site_id, group_id, reason, state, accepted_at, closed_at)
           values ($1, $2, 'acme', $3, '{"code": "transfer", "params": {}}', 'closed', now(), now())`,
          [id, acme.agents.agent, group],
        );
      }
      return id;
    }
    const search = (token: string, query: Record<string, string>) =>
      rest.read<CallSearchPage>(token, `/calls/search?${new URLSearchParams(query)}`);
    const ids = async (token: string, text: string) =>
      (await search(token, { text })).items.map((found) => found.call.id);

    it('finds what was written, said and noted, in any language, the newest calls first', async () => {
      const written = await call({ minute: 1 }, { chat: ['The METER is dark.', 'Yes'] });
      const said = await call({ minute: 2 }, { said: ['My meter blinks.'] });
      const noted = await call({ minute: 3 }, { notes: ['Old meter.', 'New meter sent.'] });
      const chinese = await call({ minute: 4 }, { said: ['电表的灯不亮'] });
      const { admin } = acme.tokens;
      assert.deepEqual(await ids(admin, 'meter'), [noted, said, written]);
      assert.deepEqual(await ids(admin, '灯不'), [chinese]);
      const { items, cursor } = await search(admin, { text: 'METER' });
      assert.deepEqual(
        items.map(({ lines, total }) => [
          total,
          lines.map(({ kind, name, text }) => [kind, name, text]),
        ]),
        [
          [1, [['note', 'agent', 'New meter sent.']]],
          [1, [['caption', 'Mei', 'My meter blinks.']]],
          [1, [['chat', 'Mei', 'The METER is dark.']]],
        ],
      );
      assert.equal(cursor, null);
      // An earlier version of a note is no longer what it says.
      assert.deepEqual(await ids(admin, 'Old meter'), []);
    });

    it('finds the translation of what was said, and shows that', async () => {
      const id = await call({}, { said: ['The lamp blinks.', 'Good bye.'] });
      await test.db.query(
        `update transcript_lines set translations = '[{"language": "zh", "text": "灯在闪。"}]'
          where call_id = $1 and text = 'The lamp blinks.'`,
        [id],
      );
      const { admin } = acme.tokens;
      const found = async (text: string) =>
        (await search(admin, { text })).items.map(({ lines }) => lines.map((line) => line.text));
      assert.deepEqual(await found('在闪'), [['灯在闪。']]);
      assert.deepEqual(await found('blinks'), [['The lamp blinks.']]);
      assert.deepEqual(await found('zh'), []);
    });

    it('finds nothing outside of what the caller may read', async () => {
      const own = await call({ minute: 1, agent: true }, { said: ['the secret word'] });
      const ofGroup = await call({ minute: 2 }, { chat: ['the secret word'] });
      const ofOtherGroup = await call({ minute: 3, group: 'sales' }, { chat: ['the secret word'] });
      const other = await writeConsoleSite(test.db, 'other');
      await call({ site: 'other' }, { chat: ['the secret word'] });
      const { admin, supervisor, agent } = acme.tokens;
      assert.deepEqual(await ids(admin, 'secret'), [ofOtherGroup, ofGroup, own]);
      assert.deepEqual(await ids(supervisor, 'secret'), [ofGroup, own]);
      assert.deepEqual(await ids(agent, 'secret'), [own]);
      assert.equal((await ids(other.tokens.owner, 'secret')).length, 1);
    });

    it('takes signs of a pattern as they are', async () => {
      const percent = await call({}, { chat: ['50% off'] });
      await call({ minute: 1 }, { chat: ['50 euros off'] });
      assert.deepEqual(await ids(acme.tokens.admin, '50%'), [percent]);
      assert.deepEqual(await ids(acme.tokens.admin, '0_ off'), []);
    });

    it('shows the first five lines of a call, and counts all', async () => {
      await call({}, { chat: Array.from({ length: 8 }, (_, index) => `lamp ${index}`) });
      const [found] = (await search(acme.tokens.admin, { text: 'lamp' })).items;
      assert.deepEqual(
        [found?.total, found?.lines.map(({ text }) => text)],
        [8, [0, 1, 2, 3, 4].map((index) => `lamp ${index}`)],
      );
    });

    it('goes on from page to page, and never looks through more than it may at once', async () => {
      const { admin } = acme.tokens;
      const first = await call({ minute: 0 }, { chat: ['needle'] });
      // Newer ones, in which it is not.
      await test.db.query(
        `insert into calls (site_id, group_id, visitor_name, state, requested_at, ended_at, ended_reason)
         select 'acme', 'help', 'Nobody', 'ended', to_timestamp($1) + make_interval(secs => n), now(), 'cancelled'
           from generate_series(61, 660) n`,
        [START / 1000],
      );
      const empty = await search(admin, { text: 'needle' });
      assert.deepEqual(empty.items, []);
      assert.ok(empty.cursor !== null && empty.searchedTo !== null);
      const rest = await search(admin, { text: 'needle', cursor: empty.cursor });
      assert.deepEqual([rest.items.map((one) => one.call.id), rest.cursor], [[first], null]);
      const newest = [];
      for (const minute of [20, 21, 22]) {
        newest.unshift(await call({ minute }, { chat: ['thread'] }));
      }
      const found: string[] = [];
      let cursor: string | null = null;
      do {
        const page: CallSearchPage = await search(admin, {
          text: 'thread',
          limit: '2',
          ...(cursor !== null && { cursor }),
        });
        found.push(...page.items.map((one) => one.call.id));
        cursor = page.cursor;
      } while (cursor !== null);
      assert.deepEqual(found, newest);
    });

    it('refuses a cursor of its own making, and a text that is too short', async () => {
      const { admin } = acme.tokens;
      for (const query of ['text=ab&cursor=x', 'text=a', '']) {
        const { status } = await rest.send(admin, 'GET', `/calls/search?${query}`);
        assert.equal(status, 400, query);
      }
    });

    it('tells the security log of each call that was found, once', async () => {
      const { admin, owner } = acme.tokens;
      const id = await call({}, { chat: ['needle'] });
      await search(admin, { text: 'needle' });
      await search(admin, { text: 'needl' });
      const { items } = await rest.read<AuditPage>(owner, '/audit?type=record-read');
      assert.equal(items.filter(({ subject }) => subject === `call:${id}`).length, 1);
    });
  });
});
