import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type {
  ConfigurationChanges,
  SiteConfiguration,
} from '../../../src/protocol/rest/configuration.ts';
import { provision } from '../../../src/server/sites/provision.ts';
import { readProvisionFile } from '../../../src/server/sites/provision-file.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { HttpFixture, key } from './http-fixture.ts';
import { codeOf, RestClient } from './rest-client.ts';

const PATH = '/configuration';

describe('the configuration as one document', () => {
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
    });

    const read = () => rest.read<SiteConfiguration>(acme.tokens.owner, PATH);
    const put = async (document: object, query = '') =>
      rest.send(acme.tokens.owner, 'PUT', PATH + query, document, {
        'if-match': await rest.etag(acme.tokens.owner, PATH),
      });
    const changesOf = async (response: Response) => {
      const text = await response.text();
      assert.equal(response.status, 200, text);
      return (JSON.parse(text) as ConfigurationChanges).changes.map(
        ({ part, kind }) => `${kind} ${part}`,
      );
    };

    it('changes nothing when it is written as it was read', async () => {
      const document = await read();
      assert.deepEqual(await changesOf(await put(document)), []);
      assert.deepEqual(await read(), document);
      const { rows } = await test.db.query(
        `select from agents where site_id = 'acme' and password_hash = 'no hash'`,
      );
      assert.equal(rows.length, 4, 'no password was taken away');
    });

    it('tells in a dry run what would change, and then changes just that', async () => {
      const document = await read();
      const wanted = {
        ...document,
        name: 'Acme Ltd',
        hours: [...(document.hours ?? []), { id: 'night', name: 'Night' }],
        groups: document.groups.map((group) => ({ ...group, hours: 'night', priority: 7 })),
        agents: document.agents?.filter(({ username }) => username !== 'agent'),
        dispositions: [{ code: 'done', label: { en: 'Done' } }],
        cannedReplies: [{ scope: 'site', shortcut: 'hi', text: 'Hello' }],
      };
      const changes = [
        'changed agent agent',
        'added canned reply hi',
        'changed dispositions',
        'changed group help',
        'changed group sales',
        'added hours night',
        'changed site',
      ].sort();
      assert.deepEqual((await changesOf(await put(wanted, '?dryRun=true'))).sort(), changes);
      assert.deepEqual(await read(), document);
      const { rows } = await test.db.query(`select from audit where type = 'provisioned'`);
      assert.equal(rows.length, 0);
      assert.deepEqual((await changesOf(await put(wanted))).sort(), changes);
      const after = await read();
      assert.deepEqual([after.name, after.groups[0]?.hours], ['Acme Ltd', 'night']);
      const without = { ...after, hours: after.hours?.filter(({ id }) => id !== 'office') };
      assert.deepEqual(await changesOf(await put(without)), ['removed hours office']);
    });

    it('is the provision file', async () => {
      const document = await read();
      const { changes } = await provision(test.db, key, readProvisionFile({ sites: [document] }));
      assert.deepEqual(changes, {});
    });

    it('refuses what does not fit, and what somebody has changed meanwhile', async () => {
      const document = await read();
      const refused = async (change: object) => codeOf(await put({ ...document, ...change }));
      assert.equal(await refused({ id: 'other' }), 'bad-message');
      assert.equal(
        await refused({ groups: [{ id: 'x', name: 'X', hours: 'nope' }] }),
        'bad-message',
      );
      assert.equal(await refused({ timeZone: 'Mars' }), 'bad-message');
      assert.equal(
        await refused({ agents: [] }),
        'conflict',
        'the owner would lock themselves out',
      );
      assert.equal(
        await refused({ challenge: { provider: 'turnstile', siteKey: 'x' } }),
        'bad-message',
      );
      const etag = await rest.etag(acme.tokens.owner, PATH);
      await rest.change(acme.tokens.admin, 'PATCH', '/groups/help', { name: 'Meanwhile' });
      const late = await rest.send(acme.tokens.owner, 'PUT', PATH, document, { 'if-match': etag });
      assert.equal(late.status, 412);
      assert.equal((await read()).groups[0]?.name, 'Meanwhile');
    });
  });
});
