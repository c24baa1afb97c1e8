import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Database } from '../../../src/server/database/database.ts';
import {
  createAgentSession,
  type AgentCredentials,
} from '../../../src/server/identity/agent-session.ts';
import { changePassword } from '../../../src/server/identity/change-password.ts';
import { findSessionAgent } from '../../../src/server/identity/find-session-agent.ts';
import { provision } from '../../../src/server/sites/provision.ts';
import {
  ProvisionError,
  readProvisionFile,
  type ProvisionFile,
} from '../../../src/server/sites/provision-file.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';

const key = new Uint8Array(32);
const signIn = (database: Database, credentials: AgentCredentials, isLocal = true) =>
  createAgentSession({ database, key, audited: () => undefined }, credentials, {
    address: null,
    isLocal,
  });
const site = {
  id: 'acme',
  name: 'Acme',
  origins: ['https://www.acme.example'],
  groups: [
    { id: 'sales', name: 'Sales', offerSeconds: 10 },
    { id: 'help', name: 'Help', hours: 'office' },
  ],
  hours: [
    {
      id: 'office',
      name: 'Office',
      timeZone: 'Europe/Berlin',
      open: [{ days: [1, 2], from: '09:00', to: '18:00' }],
    },
  ],
  agents: [{ username: 'jo', name: 'Jo', password: 'first-password', groups: ['sales', 'help'] }],
};
const fileOf = (...sites: object[]): ProvisionFile => readProvisionFile({ sites });

describe('a provision file', () => {
  const cases: [RegExp, unknown][] = [
    [/sites/, {}],
    [/^sites must NOT have fewer/, { sites: [] }],
    [/^sites\[0\]\.id must match/, { sites: [{ ...site, id: 'A b' }] }],
    [
      /visitorCheck is "challenge": add sites\[0\]\.challenge/,
      { sites: [{ ...site, visitorCheck: 'challenge' }] },
    ],
    [/challenge/, { sites: [{ ...site, challenge: { provider: 'turnstile' } }] }],
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
    [
      /sites\[0\]\.paramLabels: "fault" is there twice/,
      {
        sites: [
          {
            ...site,
            paramLabels: [1, 2].map(() => ({ name: 'fault', label: { en: 'Fault' }, values: [] })),
          },
        ],
      },
    ],
    [/id "acme" is there twice/, { sites: [site, site] }],
    [
      /agents: username "jo" is there twice/,
      { sites: [{ ...site, agents: [site.agents[0], site.agents[0]] }] },
    ],
    [
      /agents\[0\]\.capacity: remove it: an agent has one video call at a time/,
      { sites: [{ ...site, agents: [{ ...site.agents[0], capacity: 3 }] }] },
    ],
    [
      /agents\[0\]\.password must have at least 10 characters/,
      { sites: [{ ...site, agents: [{ ...site.agents[0], password: 'ninechars' }] }] },
    ],
    [
      /agents\[0\]\.password is one of the 10,000 commonest passwords/,
      { sites: [{ ...site, agents: [{ ...site.agents[0], password: 'Qwertyuiop' }] }] },
    ],
    [/role/, { sites: [{ ...site, agents: [{ ...site.agents[0], role: 'boss' }] }] }],
    [
      /groups\[0\]/,
      { sites: [{ ...site, agents: [{ ...site.agents[0], groups: [{ id: 'help', level: 6 }] }] }] },
    ],
    [
      /agents\[0\]\.groups: "help" is there twice/,
      {
        sites: [{ ...site, agents: [{ ...site.agents[0], groups: ['help', { id: 'help' }] }] }],
      },
    ],
    [
      /rules\.rings: the site has no group "nope"/,
      {
        sites: [
          {
            ...site,
            groups: [
              { ...site.groups[0], rules: { rings: [{ afterSeconds: 5, groups: ['nope'] }] } },
              site.groups[1],
            ],
          },
        ],
      },
    ],
    [/sites\[0\]\.timeZone must be a time zone/, { sites: [{ ...site, timeZone: 'Mars' }] }],
    [
      /sites\[0\]\.retention\.chatDays must be >= 1/,
      { sites: [{ ...site, retention: { chatDays: 0 } }] },
    ],
    [/sites\[0\]\.retention .*"days"/, { sites: [{ ...site, retention: { days: 1 } }] }],
    [/sites\[0\]\.media/, { sites: [{ ...site, media: 'peer' }] }],
    [
      /sites\[0\]\.hours\[0\]\.timeZone must be a time zone/,
      { sites: [{ ...site, hours: [{ ...site.hours[0], timeZone: 'Mars' }] }] },
    ],
    [/groups\[1\]\.hours: the site has no hours "office"/, { sites: [{ ...site, hours: [] }] }],
    [
      /hours\[0\]\.exceptions\[0\]: there is no day 2026-02-30/,
      {
        sites: [
          {
            ...site,
            hours: [
              { ...site.hours[0], exceptions: [{ name: 'No day', date: '2026-02-30', open: [] }] },
            ],
          },
        ],
      },
    ],
  ];
  for (const [message, value] of cases) {
    it(`is refused with ${message.source}`, () => {
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
          `select a.username, a.name, a.password_hash, a.role,
                  array_agg(m.group_id || ' ' || m.level order by m.group_id) as groups
             from agents a left join memberships m on m.agent_id = a.id group by a.id order by a.username`,
        )
      ).rows;

    it('changes nothing the second time', async () => {
      const {
        sites: [one],
      } = await provision(test.db, key, fileOf(site));
      const before = await dump();
      const {
        sites: [two],
      } = await provision(test.db, key, fileOf(site));
      assert.deepEqual(await dump(), before);
      assert.equal(one?.secret, two?.secret);
    });

    it('notifies everybody who sees what it wrote', async () => {
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
      await signIn(test.db, { site: 'acme', username: 'jo', password: 'first-password' });
      const agents = [
        { username: 'jo', name: 'Joanna', password: 'second-password', groups: ['help'] },
      ];
      await provision(test.db, key, fileOf({ ...site, name: 'Acme Ltd', agents }));
      const [jo] = (await dump()) as { name: string; groups: string[] }[];
      assert.deepEqual([jo?.name, jo?.groups], ['Joanna', ['help 1']]);
      assert.equal((await test.db.query('select 1 from agent_sessions')).rowCount, 0);
      await signIn(test.db, { site: 'acme', username: 'jo', password: 'second-password' });
      await assert.rejects(
        signIn(test.db, { site: 'acme', username: 'jo', password: 'first-password' }),
      );
    });

    it('writes quotas and periods; a period that the file does not name stays as the owner set it', async () => {
      const limits = {
        picturesPerRoom: 5,
        pictureMegabytes: 7,
        callsPerAddressPerDay: 9,
        serviceLevelSeconds: 30,
        shortAbandonSeconds: 0,
        mediaProfile: 'saver',
        phoneMediaProfile: { height: 240, frameRate: 10, bitrate: 200, prefer: 'motion' },
      };
      const read = async () =>
        (
          await test.db.query(
            `select pictures_per_room, picture_bytes::float8, calls_per_address_per_day, chat_days, call_days,
                    service_level_seconds, short_abandon_seconds, media_profile, phone_media_profile from sites`,
          )
        ).rows[0];
      await provision(test.db, key, fileOf({ ...site, ...limits, retention: { callDays: 50 } }));
      await test.db.query('update sites set chat_days = 3');
      assert.deepEqual(await read(), {
        pictures_per_room: 5,
        picture_bytes: 7_000_000,
        calls_per_address_per_day: 9,
        chat_days: 3,
        call_days: 50,
        service_level_seconds: 30,
        short_abandon_seconds: 0,
        media_profile: 'saver',
        phone_media_profile: limits.phoneMediaProfile,
      });
      await provision(test.db, key, fileOf(site));
      assert.deepEqual(await read(), {
        pictures_per_room: 300,
        picture_bytes: 10_000_000_000,
        calls_per_address_per_day: 1_000,
        chat_days: 3,
        call_days: 50,
        service_level_seconds: 20,
        short_abandon_seconds: 5,
        media_profile: 'standard',
        phone_media_profile: null,
      });
    });

    const jo = { site: 'acme', username: 'jo', password: 'first-password' };
    const disabled = async () => {
      const { rows } = await test.db.query<{ disabled: boolean; status: string }>(
        `select disabled_at is not null as disabled, status from agents where username = 'jo'`,
      );
      return rows[0];
    };

    it('disables an agent whom the file no longer names, and enables one who comes back', async () => {
      await provision(test.db, key, fileOf(site));
      await signIn(test.db, jo);
      await test.db.query(`update agents set status = 'available'`);
      await provision(test.db, key, fileOf({ ...site, agents: [] }));
      assert.deepEqual(await disabled(), { disabled: true, status: 'offline' });
      assert.equal((await test.db.query('select 1 from agent_sessions')).rowCount, 0);
      await assert.rejects(signIn(test.db, jo), { code: 'unauthorized' });
      await provision(test.db, key, fileOf(site));
      await signIn(test.db, jo);
    });

    it('keeps a password that the file leaves out; null takes it away and ends its sessions', async () => {
      await provision(test.db, key, fileOf(site));
      await signIn(test.db, jo);
      const agents = [{ username: 'jo', name: 'Jo', groups: ['sales', 'help'] }];
      await provision(test.db, key, fileOf({ ...site, agents }));
      await signIn(test.db, jo);
      await provision(
        test.db,
        key,
        fileOf({ ...site, agents: [{ ...agents[0], password: null }] }),
      );
      await assert.rejects(signIn(test.db, jo), { code: 'unauthorized' });
      assert.equal((await test.db.query('select 1 from agent_sessions')).rowCount, 0);
      assert.equal((await disabled())?.disabled, false, 'a JWT still signs the agent in');
    });

    it('keeps a password that the agent has chosen, until the file gives another one', async () => {
      await provision(test.db, key, fileOf(site));
      const { token } = await signIn(test.db, jo);
      const chosen = { current: 'first-password', wanted: 'chosen-password' };
      const agent = await findSessionAgent(test.db, token);
      await changePassword(test.db, agent, chosen, { address: null, isLocal: true });
      await provision(test.db, key, fileOf(site));
      await signIn(test.db, { ...jo, password: 'chosen-password' });
      const agents = [{ ...site.agents[0], password: 'third-password' }];
      await provision(test.db, key, fileOf({ ...site, agents }));
      await signIn(test.db, { ...jo, password: 'third-password' });
    });

    it('closes sites that the file does not name when it is told to, and names them else', async () => {
      const other = { ...site, id: 'other' };
      await provision(test.db, key, fileOf(site, other));
      const kept = await provision(test.db, key, fileOf(other));
      assert.deepEqual([kept.others, kept.closed], [['acme'], []]);
      await signIn(test.db, jo);
      const done = await provision(test.db, key, fileOf(other), { closeMissingSites: true });
      assert.deepEqual([done.others, done.closed], [[], ['acme']]);
      await assert.rejects(signIn(test.db, jo), { code: 'unauthorized' });
      await signIn(test.db, { ...jo, site: 'other' });
      const { rows } = await test.db.query(
        `select origins, crm_origins, secret_version from sites where id = 'acme'`,
      );
      assert.deepEqual(rows, [{ origins: [], crm_origins: [], secret_version: 2 }]);
    });

    it('tells the security log what has changed, without passwords', async () => {
      const actor = { kind: 'operator', name: 'root' } as const;
      await provision(test.db, key, fileOf(site), { actor });
      await provision(test.db, key, fileOf(site), { actor });
      await provision(test.db, key, fileOf({ ...site, name: 'Acme Ltd', agents: [] }), { actor });
      const { rows } = await test.db.query<{ type: string; before: object; after: object }>(
        'select type, actor_name, before, after from audit order by sequence',
      );
      assert.deepEqual(
        rows.map(({ type }) => type),
        ['provisioned', 'provisioned', 'agent-disabled'],
      );
      const [, change] = rows;
      assert.deepEqual(Object.keys(change?.after ?? {}).sort(), ['agent jo', 'site']);
      assert.ok(!JSON.stringify(rows).includes('first-password'));
      assert.ok(!JSON.stringify(rows).includes('scrypt'));
    });

    it('marks the demo’s passwords, and no longer once another one is given', async () => {
      await provision(test.db, key, fileOf(site), { demoPasswords: true });
      await assert.rejects(signIn(test.db, jo, false), { code: 'forbidden' });
      const agents = [{ ...site.agents[0], password: 'real-password' }];
      await provision(test.db, key, fileOf({ ...site, agents }));
      await signIn(test.db, { ...jo, password: 'real-password' }, false);
    });

    it('gives each site its own agent of one username', async () => {
      const agents = [
        { username: 'jo', name: 'Other Jo', password: 'other-password', groups: ['help'] },
      ];
      await provision(test.db, key, fileOf(site, { ...site, id: 'other', agents }));
      const own = await signIn(test.db, {
        site: 'acme',
        username: 'jo',
        password: 'first-password',
      });
      const other = await signIn(test.db, {
        site: 'other',
        username: 'jo',
        password: 'other-password',
      });
      assert.deepEqual([own.agent.name, other.agent.name], ['Jo', 'Other Jo']);
    });

    it('writes roles, levels, time zones and routing rules', async () => {
      const rules = {
        preferLast: { seconds: 30 },
        rings: [{ afterSeconds: 20, groups: ['help'] }],
      };
      const groups = [{ ...site.groups[0], rules }, site.groups[1]];
      const agents = [
        {
          username: 'jo',
          name: 'Jo',
          role: 'supervisor',
          groups: [{ id: 'sales', level: 3 }, 'help'],
        },
      ];
      await provision(
        test.db,
        key,
        fileOf({ ...site, timeZone: 'Asia/Shanghai', groups, agents } as object),
      );
      const [jo] = (await dump()) as { role: string; groups: string[] }[];
      assert.deepEqual([jo?.role, jo?.groups], ['supervisor', ['help 1', 'sales 3']]);
      const { rows } = await test.db.query(
        `select s.time_zone, g.rules, g.rules_version from sites s join skill_groups g on g.site_id = s.id where g.id = 'sales'`,
      );
      assert.deepEqual(rows, [{ time_zone: 'Asia/Shanghai', rules, rules_version: 1 }]);
      await provision(
        test.db,
        key,
        fileOf({ ...site, agents: [{ ...agents[0], groups: ['sales'] }] }),
      );
      const [again] = (await dump()) as { groups: string[] }[];
      assert.deepEqual(again?.groups, ['sales 1']);
      const { rows: after } = await test.db.query(
        'select id, rules_version from skill_groups order by id',
      );
      assert.deepEqual(after, [
        { id: 'help', rules_version: 1 },
        { id: 'sales', rules_version: 2 },
      ]);
    });
  });
});
