import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Database } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { ROLES, writeApiKey, writeConsoleSite, type ConsoleSite } from './console-fixture.ts';
import { HttpFixture, signForSite } from './http-fixture.ts';

interface Row {
  /** Who is let through: agent, Supervisor, admin (m), Owner, backend, API key with all scopes. */
  readonly who: string;
  readonly body?: object;
  /** What an owner of another site gets: 404 for a thing, 200 for a list (without anything of this site). */
  readonly foreign?: number;
}

const ALL = 'a s m o b k';
const STAFF = 's m o b k';
const ADMINS = 'm o b k';
const PEOPLE_ADMINS = 'm o b';

/** A row for each route. `:name` stands for an id of this site. */
const ROWS: Record<string, Row> = {
  'GET /agents': { who: STAFF, foreign: 200 },
  'POST /agents': { who: ADMINS, body: { username: 'new', name: 'New' } },
  'GET /agents/{id}': { who: STAFF, foreign: 404 },
  'PATCH /agents/{id}': { who: ADMINS, body: { name: 'X' }, foreign: 404 },
  'POST /agents/{id}/password-link': { who: ADMINS, body: {}, foreign: 404 },
  // Nobody of the fixture has a second factor.
  'DELETE /agents/{id}/second-factor': { who: ADMINS, foreign: 404 },
  'GET /groups': { who: ALL, foreign: 200 },
  'POST /groups': { who: PEOPLE_ADMINS, body: { id: 'new', name: 'New' } },
  'GET /groups/{id}': { who: ALL, foreign: 404 },
  'PATCH /groups/{id}': { who: STAFF, body: { name: 'X' }, foreign: 404 },
  'DELETE /groups/{id}': { who: PEOPLE_ADMINS, foreign: 404 },
  'GET /groups/{id}/members': { who: STAFF, foreign: 404 },
  'PUT /groups/{id}/members': { who: ADMINS, body: { members: [] }, foreign: 404 },
  'GET /hours': { who: ALL, foreign: 200 },
  // A supervisor changes hours of the own groups, and makes none.
  'POST /hours': { who: ADMINS, body: { id: 'new', name: 'New' } },
  'GET /hours/{id}': { who: ALL, foreign: 404 },
  'GET /hours/{id}/state': { who: ALL, foreign: 404 },
  'PATCH /hours/{id}': { who: STAFF, body: { name: 'X' }, foreign: 404 },
  'DELETE /hours/{id}': { who: ADMINS, foreign: 404 },
  'GET /flows': { who: STAFF, foreign: 200 },
  'GET /flows/{id}': { who: STAFF, foreign: 404 },
  'PUT /flows/{id}': {
    who: STAFF,
    body: { name: 'X', document: { schema: 1, start: 's', nodes: { s: { type: 'start' } } } },
  },
  // This one was never published. flow-trial.test.ts deletes one that was.
  'DELETE /flows/{id}': { who: STAFF, foreign: 404 },
  'POST /flows/{id}/try': { who: STAFF, body: {}, foreign: 404 },
  'GET /flows/{id}/versions': { who: STAFF, foreign: 404 },
  'GET /flows/{id}/versions/{version}': { who: STAFF, foreign: 404 },
  'GET /flows/{id}/compare': { who: STAFF, foreign: 404 },
  'POST /flows/{id}/check': { who: STAFF, foreign: 404 },
  'POST /flows/{id}/publish': { who: ADMINS, foreign: 404 },
  'POST /flows/{id}/roll-back': { who: ADMINS, body: { version: 1 }, foreign: 404 },
  'GET /default-flow': { who: PEOPLE_ADMINS, foreign: 200 },
  'PUT /default-flow': { who: PEOPLE_ADMINS, body: { flow: null } },
  'GET /follow-ups': { who: ALL, foreign: 200 },
  'GET /follow-ups/{id}': { who: ALL, foreign: 404 },
  'PATCH /follow-ups/{id}': { who: ALL, body: { handled: true }, foreign: 404 },
  'POST /follow-ups/{id}/callback': { who: ALL, foreign: 404 },
  'DELETE /follow-ups/{id}': { who: 's m o b', foreign: 404 },
  'GET /dispositions': { who: ALL, foreign: 200 },
  'PUT /dispositions': { who: PEOPLE_ADMINS, body: { dispositions: [] } },
  'GET /canned-replies': { who: ALL, foreign: 200 },
  'POST /canned-replies': {
    who: 'a s m o',
    body: { scope: 'personal', shortcut: 'mine', text: 'Text' },
  },
  'GET /canned-replies/{id}': { who: ALL, foreign: 404 },
  'PATCH /canned-replies/{id}': { who: PEOPLE_ADMINS, body: { text: 'X' }, foreign: 404 },
  'DELETE /canned-replies/{id}': { who: PEOPLE_ADMINS, foreign: 404 },
  'GET /canned-replies/{id}/picture': { who: ALL, foreign: 404 },
  'PUT /canned-replies/{id}/picture': { who: PEOPLE_ADMINS },
  'DELETE /canned-replies/{id}/picture': { who: PEOPLE_ADMINS, foreign: 404 },
  'GET /site': { who: PEOPLE_ADMINS, foreign: 200 },
  'PATCH /site': { who: PEOPLE_ADMINS, body: { name: 'X' } },
  'GET /api-keys': { who: PEOPLE_ADMINS, foreign: 200 },
  'POST /api-keys': { who: PEOPLE_ADMINS, body: { name: 'Key', scopes: ['calls:read'] } },
  'DELETE /api-keys/{id}': { who: PEOPLE_ADMINS, foreign: 404 },
  'GET /webhooks': { who: PEOPLE_ADMINS, foreign: 200 },
  'POST /webhooks': { who: PEOPLE_ADMINS, body: { url: 'https://hooks.example.com/new' } },
  'GET /webhooks/{id}': { who: PEOPLE_ADMINS, foreign: 404 },
  'PATCH /webhooks/{id}': { who: PEOPLE_ADMINS, body: { description: 'X' }, foreign: 404 },
  'DELETE /webhooks/{id}': { who: PEOPLE_ADMINS, foreign: 404 },
  'POST /webhooks/{id}/secret': { who: PEOPLE_ADMINS, body: {}, foreign: 404 },
  'POST /webhooks/{id}/test': { who: PEOPLE_ADMINS, foreign: 404 },
  'GET /webhooks/{id}/deliveries': { who: PEOPLE_ADMINS, foreign: 404 },
  'POST /webhooks/{id}/deliveries/{event}/again': { who: PEOPLE_ADMINS, foreign: 404 },
  'GET /audit': { who: ADMINS, foreign: 200 },
  'GET /configuration': { who: ADMINS, foreign: 200 },
  'PUT /configuration': {
    who: 'o b',
    body: { id: 'acme', name: 'X', groups: [{ id: 'help', name: 'X' }] },
    foreign: 400,
  },
  'GET /reports': { who: STAFF, foreign: 200 },
  'GET /reports/ratings': { who: STAFF, foreign: 200 },
  'GET /reports/steps': { who: STAFF, foreign: 200 },
  'GET /retention': { who: 'o b', foreign: 200 },
  'PATCH /retention': { who: 'o b', body: {} },
  'POST /erasures': { who: 'o b k', body: { visitor: 'somebody', dryRun: true } },
  'GET /erasures': { who: 'o b k', foreign: 200 },
  'GET /erasures/{id}': { who: 'o b k', foreign: 404 },
  'GET /calls': { who: ALL, foreign: 200 },
  'GET /calls/export': { who: ALL, foreign: 200 },
  'GET /calls/search': { who: ALL, foreign: 200 },
  'GET /calls/{id}': { who: ALL, foreign: 404 },
  'GET /calls/{id}/messages': { who: ALL, foreign: 404 },
  'GET /calls/{id}/transcript': { who: ALL, foreign: 404 },
  'GET /calls/{id}/pictures/{picture}': { who: ALL, foreign: 404 },
  'GET /calls/{id}/case-file': { who: ADMINS, foreign: 404 },
  'POST /calls/{id}/case-file/links': {
    who: ADMINS,
    body: { expiresInSeconds: 60 },
    foreign: 404,
  },
  'GET /calls/{id}/links': { who: ADMINS, foreign: 404 },
  'PUT /calls/{id}/legal-hold': { who: 'o b', body: { reason: 'A dispute' }, foreign: 404 },
  'DELETE /calls/{id}/legal-hold': { who: 'o b', foreign: 404 },
  'GET /recordings': { who: ALL, foreign: 200 },
  'GET /recordings/report': { who: ALL, foreign: 200 },
  'GET /recordings/{id}': { who: ALL, foreign: 404 },
  'GET /recordings/{id}/file': { who: ALL, foreign: 404 },
  'POST /recordings/{id}/links': {
    who: ADMINS,
    body: { expiresInSeconds: 60 },
    foreign: 404,
  },
  'DELETE /shared-links/{id}': { who: ADMINS, foreign: 404 },
  'POST /rooms': { who: 'b k', body: {} },
  'POST /rooms/{number}/tokens': { who: 'b k', body: { subject: 'x', name: 'X' } },
  'DELETE /rooms/{number}': { who: 'b k' },
};

/** Routes that take no caller: what they ask for instead is in the tests of each. */
const WITHOUT_CALLER = new Set([
  // Everybody: the sign-in itself, one-time codes, what pages load.
  'POST /agent-sessions',
  'POST /console/session',
  'GET /setup',
  'POST /setup',
  'POST /password-links/current',
  'PUT /password-links/current',
  'GET /embed',
  'GET /sites/{site}/wait',
  'POST /sites/{site}/device-test',
  'GET /erasure-key',
  'GET /recording-key',
  'GET /signing-keys',
  // The session itself, of whatever role.
  'GET /agent-sessions/current',
  'DELETE /agent-sessions/current',
  'PUT /agent-sessions/current/password',
  'POST /agent-sessions/current/second-factor',
  'PUT /agent-sessions/current/second-factor',
  'POST /agent-sessions/current/recovery-codes',
  'GET /console/session',
  'DELETE /console/session',
  // The code of a callback.
  'GET /own-callback',
  'DELETE /own-callback',
  'PUT /own-callback/push-subscription',
  'PUT /own-callback/consent',
  // The code of a hand-over.
  'GET /hand-over',
  // The key of the visitor's own call, or a code that stands for it.
  'GET /own-call',
  'DELETE /own-call',
  'PUT /own-call/rating',
  'POST /own-call/device-test',
  'PUT /device-report',
  'GET /own-call/ledger',
  'GET /own-call/erasure',
  'POST /own-call/erasure',
  'GET /own-call/conversation',
  'GET /own-call/conversation/file',
  'GET /own-call/pictures/{picture}',
  // The code of a link.
  'GET /shared',
  'GET /shared/file',
  // The code of the command play-recording.
  'GET /played-recording',
  // The agent who has joined the call, or begun the segment.
  'POST /recordings/{recording}/segments',
  'PATCH /recordings/{recording}/segments/{segment}',
  'POST /recordings/{recording}/segments/{segment}/complete',
  // The chat token of a ticket.
  'POST /rooms/{number}/images',
  'GET /rooms/{number}/images/{id}',
]);

const LETTERS = { agent: 'a', supervisor: 's', admin: 'm', owner: 'o' } as const;

describe('authorisation of the REST interface', () => {
  let db: Database;
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let http: HttpFixture;
  let acme: ConsoleSite;
  let other: ConsoleSite;
  /** By its letter in the rows. */
  const tokens: Record<string, string> = {};
  const ids: Record<string, string> = {};

  before(async () => {
    directory = await freshDataDirectory();
    db = await openDatabase({ dataDir: directory.dataDir, nodeId: randomUUID() });
    acme = await writeConsoleSite(db, 'acme');
    other = await writeConsoleSite(db, 'other');
    for (const role of ROLES) tokens[LETTERS[role]] = acme.tokens[role];
    // The rows take longer than the minute for which this token lives by default.
    tokens['b'] = await signForSite('acme', { exp: Math.floor(Date.now() / 1000) + 3_600 });
    tokens['k'] = await writeApiKey(db, 'acme');
    await writeThings();
    http = await HttpFixture.open(db);
  });
  after(async () => {
    await http?.close();
    await db?.close();
    await directory?.remove();
  });

  /** One of each thing that a route names, within reach of every role that may have it. */
  async function writeThings() {
    const insert = async (statement: string, ...values: unknown[]) =>
      (await db.query<{ id: string }>(statement, values)).rows[0]?.id ?? '';
    ids['agents'] = await insert(
      `insert into agents (site_id, username, name, password_hash) values ('acme', 'target', 'Target', 'x') returning id`,
    );
    await db.query(
      `insert into memberships (agent_id, site_id, group_id) values ($1, 'acme', 'help')`,
      [ids['agents']],
    );
    // Nothing of the other site has these ids.
    for (const [table, id] of [
      ['skill_groups', 'secret-group'],
      ['hours', 'secret-hours'],
    ] as const) {
      ids[table] = id;
    }
    await db.query(
      `insert into hours (site_id, id, name, schedule)
       values ('acme', 'secret-hours', 'H', '{"timeZone": null, "open": [], "exceptions": []}')`,
    );
    await db.query(
      `insert into skill_groups (site_id, id, name, hours) values ('acme', 'secret-group', 'G', 'secret-hours')`,
    );
    await db.query(
      `insert into memberships (agent_id, site_id, group_id)
       select id, 'acme', 'secret-group' from agents where site_id = 'acme' and username <> 'target'`,
    );
    ids['replies'] = await insert(
      `insert into canned_replies (site_id, scope, shortcut, text) values ('acme', 'site', 'hi', 'Hello') returning id`,
    );
    ids['api-keys'] = await insert(
      `insert into api_keys (site_id, name, start, key_hash, scopes) values ('acme', 'K', 'rtcd_', 'h', '{}') returning id`,
    );
    ids['webhooks'] = await insert(
      `insert into webhook_endpoints (site_id, url) values ('acme', 'https://hooks.example.com/acme') returning id`,
    );
    ids['calls'] = await insert(
      `insert into calls (site_id, group_id, visitor_name, state, ended_at, ended_reason)
       values ('acme', 'secret-group', 'Visitor', 'ended', now(), 'cancelled') returning id`,
    );
    await db.query(
      `insert into legs (call_id, agent_id, site_id, group_id, reason, state, accepted_at, closed_at)
       select $1, id, 'acme', 'secret-group', '{"code": "transfer", "params": {"group": null, "idleSeconds": null}}',
              'closed', now(), now()
         from agents where site_id = 'acme' and username = 'agent'`,
      [ids['calls']],
    );
    ids['follow-ups'] = await insert(
      `insert into follow_ups (site_id, group_id, call_id, kind, contact, text)
       values ('acme', 'secret-group', $1, 'message', 'somebody', 'Hello') returning id`,
      ids['calls'],
    );
    ids['flows'] = await insert(
      `insert into flows (site_id, id, name, draft)
       values ('acme', 'secret-flow', 'F', '{"schema": 1, "start": "s", "nodes": {}}') returning id`,
    );
    await db.query(
      `insert into flow_versions (site_id, flow_id, version, document, author)
       values ('acme', 'secret-flow', 1, '{"schema": 1, "start": "s", "nodes": {}}', 'test')`,
    );
    ids['recordings'] = await insert(
      `insert into recordings (site_id, call_id, state, rule, started_at) select 'acme', $1, 'stopped', recording, now()
         from sites where id = 'acme' returning id`,
      ids['calls'],
    );
    ids['shared-links'] = await insert(
      `insert into shared_links (site_id, call_id, code_hash, made_by, expires_at)
       values ('acme', $1, 'h', 'test', now() + interval '1 day') returning id`,
      ids['calls'],
    );
    ids['erasures'] = randomUUID();
  }

  const THINGS: Record<string, string> = {
    agents: 'agents',
    groups: 'skill_groups',
    hours: 'hours',
    'canned-replies': 'replies',
    'api-keys': 'api-keys',
    webhooks: 'webhooks',
    calls: 'calls',
    recordings: 'recordings',
    'shared-links': 'shared-links',
    erasures: 'erasures',
    flows: 'flows',
    'follow-ups': 'follow-ups',
  };
  /** The address of a route, with ids of the first site. */
  const addressOf = (path: string): string =>
    `/api/v1${path}`
      .replace('{id}', ids[THINGS[path.split('/')[1] ?? ''] ?? ''] ?? '')
      .replace('{picture}', randomUUID())
      .replace('{number}', '2000000000')
      .replace('{event}', '1')
      .replace('{version}', '1')
      .replace(/\/reports\/ratings$/, '/reports/ratings?from=2020-01-01&to=2040-01-01&by=group')
      .replace(/\/reports\/steps$/, '/reports/steps?from=2020-01-01&to=2040-01-01')
      .replace(/\/reports$/, '/reports?from=2020-01-01&to=2040-01-01&by=group')
      .replace(/\/compare$/, '/compare?from=1')
      .replace(/\/search$/, '/search?text=visitor')
      .replace(/\/export$/, '/export?format=json');

  /** A change of what has no such version: who is let through gets 412, and nothing is written. */
  async function ask(route: string, row: Row, token: string | null): Promise<Response> {
    const [method = '', path = ''] = route.split(' ');
    const isPicture = method === 'PUT' && path.endsWith('/picture');
    const body = isPicture ? 'no picture' : row.body && JSON.stringify(row.body);
    return fetch(http.url + addressOf(path), {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        'if-match': '"of-nothing"',
        ...(body !== undefined && { 'content-type': isPicture ? 'image/png' : 'application/json' }),
      },
      ...(body !== undefined && { body }),
    });
  }

  it('has a row for every route', async () => {
    const { paths } = (await (await http.get('/api/v1/openapi.json')).json()) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} ${path.replace('/api/v1', '')}`,
      ),
    );
    assert.deepEqual(routes.sort(), [...Object.keys(ROWS), ...WITHOUT_CALLER].sort());
  });

  for (const [route, row] of Object.entries(ROWS)) {
    it(`lets through to ${route} only who may: ${row.who}`, async () => {
      const missing = await ask(route, row, null);
      assert.equal(missing.status, 401, 'without a token');
      const unknown = await ask(route, row, 'x'.repeat(43));
      assert.equal(unknown.status, 401, 'with an unknown token');
      const allowed = row.who.split(' ');
      for (const [letter, token] of Object.entries(tokens)) {
        const response = await ask(route, row, token);
        const what = `${letter}: ${response.status} ${await response.clone().text()}`;
        if (!allowed.includes(letter)) assert.equal(response.status, 403, what);
        else assert.ok(![401, 403].includes(response.status) && response.status < 500, what);
      }
    });

    if (row.foreign === undefined) continue;
    it(`shows nothing of this site at ${route} to the owner of another`, async () => {
      const response = await ask(route, row, other.tokens.owner);
      const text = await response.text();
      assert.equal(response.status, row.foreign, text);
      if (response.status !== 200) return;
      for (const [thing, id] of Object.entries(ids)) assert.ok(!text.includes(id), thing);
      assert.ok(!text.includes('Site acme'));
    });
  }

  it('gives an API key no more than its scopes', async () => {
    const key = await writeApiKey(db, 'acme', ['audit:read']);
    for (const [route, row] of Object.entries(ROWS)) {
      const response = await ask(route, row, key);
      assert.equal(response.status === 403, route !== 'GET /audit', route);
    }
  });

  it('takes no key that was revoked, and no session that has ended', async () => {
    const key = await writeApiKey(db, 'acme', ['audit:read']);
    await db.query(`update api_keys set revoked_at = now() where scopes = '{audit:read}'`);
    const row = { who: '' };
    assert.equal((await ask('GET /audit', row, key)).status, 401);
    await db.query(
      `update agent_sessions set expires_at = now() - interval '1 second' where agent_id = $1`,
      [acme.agents.owner],
    );
    assert.equal((await ask('GET /audit', row, acme.tokens.owner)).status, 401);
    await db.query('update agents set disabled_at = now() where id = $1', [acme.agents.admin]);
    assert.equal((await ask('GET /audit', row, acme.tokens.admin)).status, 401);
  });
});
