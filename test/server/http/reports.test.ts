import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Report } from '../../../src/protocol/rest/reports.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeCall } from '../reports/scripted-calls.ts';
import { openSession, writeAgent, writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { HttpFixture } from './http-fixture.ts';
import { RestClient } from './rest-client.ts';

const QUERY = 'from=2026-03-02&to=2026-03-02';

describe('reports by REST', () => {
  onBothDatabases((test) => {
    let http: HttpFixture;
    let rest: RestClient;
    let acme: ConsoleSite;

    before(async () => {
      http = await HttpFixture.open(test.db);
      rest = new RestClient(http.url);
    });
    after(() => http?.close());
    beforeEach(async () => {
      acme = await writeConsoleSite(test.db, 'acme');
      await test.db.query(`insert into dispositions (site_id, code, level, position, label)
        values ('acme', 'solved', 1, 0, '{"en": "=HYPERLINK(A1)"}')`);
      const at = '2026-03-02T10:00:00Z';
      const legs = [{ agent: 'agent', joined: 3, left: 65, closed: 75, disposition: 'solved' }];
      await writeCall(test.db, { site: 'acme', group: 'help', at, connected: 5, ended: 65, legs });
      await writeCall(test.db, {
        site: 'acme',
        group: 'sales',
        at,
        ended: 30,
        reason: 'cancelled',
      });
    });

    const keys = async (token: string, query: string) =>
      (await rest.read<Report>(token, `/reports?${QUERY}&${query}`)).rows.map(({ key }) => key);
    const answer = (token: string, query: string) => rest.send(token, 'GET', `/reports?${query}`);

    it('shows a supervisor the own groups, an agent nothing, and another site nothing of this one', async () => {
      const { owner, supervisor, agent } = acme.tokens;
      assert.deepEqual(await keys(owner, 'by=group'), ['help', 'sales']);
      assert.deepEqual(await keys(supervisor, 'by=group'), ['help']);
      assert.deepEqual(await keys(supervisor, 'by=agent'), [acme.agents.agent]);
      const other = await openSession(
        test.db,
        await writeAgent(test.db, 'acme', 'other', 'supervisor', ['sales']),
      );
      assert.deepEqual(await keys(other, 'by=group'), ['sales']);
      assert.deepEqual(await keys(other, 'by=agent'), []);
      assert.equal((await answer(other, `${QUERY}&by=group&group=help`)).status, 404);
      assert.equal((await answer(agent, `${QUERY}&by=group`)).status, 403);
      const { tokens } = await writeConsoleSite(test.db, 'bank');
      assert.deepEqual(await keys(tokens.owner, 'by=group'), []);
    });

    it('gives a file in which no cell is a formula', async () => {
      const csv = await answer(acme.tokens.owner, `${QUERY}&by=disposition&format=csv`);
      assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/);
      assert.equal(
        csv.headers.get('content-disposition'),
        'attachment; filename="report-disposition-2026-03-02-2026-03-02.csv"',
      );
      const [head, row, ...others] = Buffer.from(await csv.arrayBuffer())
        .toString()
        .split('\r\n');
      assert.match(head ?? '', /^\ufeffstart,key,name,calls,offered,answered,/);
      assert.equal(
        row,
        "2026-03-02,solved,'=HYPERLINK(A1),1,1,1,1,0,0,1,0,5,,,,5,1,0,0,1,60,10,60,70,75,87",
      );
      assert.deepEqual(others, ['']);
    });

    it('says what is wrong with a query', async () => {
      const { owner } = acme.tokens;
      for (const query of [
        'by=group',
        `${QUERY}&by=colour`,
        `${QUERY}&by=group&interval=year`,
        'from=2026-03-02&to=2026-03-01&by=group',
        'from=2026-02-30&to=2026-03-01&by=group',
      ]) {
        const response = await answer(owner, query);
        assert.equal(response.status, 400, query);
        assert.equal(((await response.json()) as { code: string }).code, 'bad-message');
      }
    });
  });
});
