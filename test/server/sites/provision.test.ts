import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAgentSession } from '../../../src/server/identity/agent-session.ts';
import { provision } from '../../../src/server/sites/provision.ts';
import {
  ProvisionError,
  readProvisionFile,
  type ProvisionFile,
} from '../../../src/server/sites/provision-file.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';

const key = new Uint8Array(32);
const site = {
  id: 'acme',
  name: 'Acme',
  origins: ['https://www.acme.example'],
  groups: [
    { id: 'sales', name: 'Sales', offerSeconds: 10 },
    {
      id: 'help',
      name: 'Help',
      hours: { timeZone: 'Europe/Berlin', open: [{ days: [1, 2], from: '09:00', to: '18:00' }] },
    },
  ],
  agents: [{ username: 'jo', name: 'Jo', password: 'first', groups: ['sales', 'help'] }],
};
const fileOf = (...sites: object[]): ProvisionFile => readProvisionFile({ sites });

describe('a provision file', () => {
  const cases: [RegExp, unknown][] = [
    [/sites/, {}],
    [/^sites must NOT have fewer/, { sites: [] }],
    [/^sites\[0\]\.id must match/, { sites: [{ ...site, id: 'A b' }] }],
    [/"color"/, { sites: [{ ...site, color: 'red' }] }],
    [
      /sites\[0\]\.origins\[0\] must be an origin/,
      { sites: [{ ...site, origins: ['www.a.example'] }] },
    ],
    [/must be an origin/, { sites: [{ ...site, origins: ['https://a.example/'] }] }],
    [
      /must be an origin/,
      { sites: [{ ...site, crmOrigins: ['https://a.example; script-src *'] }] },
    ],
    [
      /no group "nope"/,
      { sites: [{ ...site, agents: [{ username: 'x', name: 'X', groups: ['nope'] }] }] },
    ],
    [/id "acme" is there twice/, { sites: [site, site] }],
    [
      /time zone/,
      {
        sites: [
          { ...site, groups: [{ id: 'g', name: 'G', hours: { timeZone: 'Mars', open: [] } }] },
        ],
      },
    ],
  ];
  for (const [message, value] of cases) {
    it(`is refused where it says ${message.source}`, () => {
      assert.throws(
        () => readProvisionFile(value),
        (error) => error instanceof ProvisionError && message.test(error.message),
      );
    });
  }
});

describe('provisioning', () => {
  onBothDatabases((test) => {
    const dump = async () =>
      (
        await test.db.query(
          `select a.username, a.name, a.password_hash, array_agg(m.group_id order by m.group_id) as groups
             from agents a left join agent_groups m on m.agent_id = a.id group by a.id order by a.username`,
        )
      ).rows;

    it('twice is as once', async () => {
      const [one] = await provision(test.db, key, fileOf(site));
      const before = await dump();
      const [two] = await provision(test.db, key, fileOf(site));
      assert.deepEqual(await dump(), before);
      assert.equal(one?.secret, two?.secret);
    });

    it('tells everybody who sees what it wrote', async () => {
      await provision(test.db, key, fileOf(site));
      const { rows } = await test.db.query<{ id: string }>('select id from agents');
      const told = new Set<string>();
      const stop = test.db.wake.listen((topics) => {
        if (topics !== 'everything') for (const topic of topics) told.add(topic);
      });
      await provision(test.db, key, fileOf({ ...site, agents: [] }));
      await waitUntil('it is told', () => told.has('group:acme/help'));
      stop();
      assert.ok(told.has(`agent:${rows[0]?.id}`));
    });

    it('changes what the file changes, and ends the sessions of an old password', async () => {
      await provision(test.db, key, fileOf(site));
      await createAgentSession(test.db, { username: 'jo', password: 'first' });
      const agents = [{ username: 'jo', name: 'Joanna', password: 'second', groups: ['help'] }];
      await provision(test.db, key, fileOf({ ...site, name: 'Acme Ltd', agents }));
      const [jo] = (await dump()) as { name: string; groups: string[] }[];
      assert.deepEqual([jo?.name, jo?.groups], ['Joanna', ['help']]);
      assert.equal((await test.db.query('select 1 from agent_sessions')).rowCount, 0);
      await createAgentSession(test.db, { username: 'jo', password: 'second' });
      await assert.rejects(createAgentSession(test.db, { username: 'jo', password: 'first' }));
    });

    it('takes no agent away from another site, and then writes nothing at all', async () => {
      await provision(test.db, key, fileOf(site));
      const thief = { ...site, id: 'thief' };
      await assert.rejects(provision(test.db, key, fileOf(thief)), ProvisionError);
      const { rows } = await test.db.query(`select 1 from sites where id = 'thief'`);
      assert.deepEqual(rows, []);
    });
  });
});
