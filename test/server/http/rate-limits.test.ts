import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Database } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { HttpFixture } from './http-fixture.ts';

const SIGN_IN = '/api/v1/agent-sessions';
const UPLOAD = '/api/v1/rooms/7/images';

describe('how often an address may ask', () => {
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let db: Database;
  let http: HttpFixture | null = null;
  // It stands still: however slow the machine is, nothing fills again.
  let now = 0;
  const clock = () => now;

  before(async () => {
    directory = await freshDataDirectory();
    db = await openDatabase({ dataDir: directory.dataDir, nodeId: randomUUID() });
  });
  // Each test has a server of its own, since each server counts anew.
  afterEach(async () => {
    await http?.close();
    http = null;
  });
  after(async () => {
    await db?.close();
    await directory?.remove();
  });

  /** How many of `times` requests were let through before the first that was not; all after it are not. */
  async function allowed(times: number, ask: (i: number) => Promise<Response>): Promise<number> {
    const limited: boolean[] = [];
    for (let i = 0; i < times; i += 1) {
      const response = await ask(i);
      limited.push(response.status === 429);
      const body = await response.text();
      if (response.status !== 429) continue;
      assert.equal((JSON.parse(body) as { code: string }).code, 'rate-limited');
      assert.ok(Number(response.headers.get('retry-after')) > 0);
    }
    const first = limited.indexOf(true);
    assert.ok(first < 0 || limited.slice(first).every(Boolean));
    return first < 0 ? times : first;
  }

  it('is 1,200 times a minute for anything, also for what is not there', async () => {
    http = await HttpFixture.open(db, { clock });
    const { url } = http;
    const nowhere = (i: number) => fetch(i % 2 ? `${url}/nowhere/${i}` : `${url}/rtc-desk.js`);
    assert.equal(await allowed(1_203, nowhere), 1_200);
    assert.equal((await http.get('/healthz')).status, 200, 'a probe is never refused');
    assert.equal((await http.get('/metrics')).status, 200);
    now += 60_000;
    assert.equal(await allowed(1_203, nowhere), 1_200, 'and again a minute later');
  });

  it('is ten sign-ins a minute for each username, right or wrong', async () => {
    http = await HttpFixture.open(db, { clock });
    const { post } = http;
    const as = (username: string) => post.call(http, SIGN_IN, { username, password: 'guess' });
    assert.equal(await allowed(12, () => as('jo')), 10);
    assert.equal((await as('kim')).status, 401, 'another one is not hindered');
  });

  it('is sixty sign-ins a minute over all usernames, and sixty pictures', async () => {
    http = await HttpFixture.open(db, { clock });
    const { post } = http;
    assert.equal(await allowed(62, () => post.call(http, SIGN_IN, {})), 60);
    assert.equal(await allowed(62, () => post.call(http, UPLOAD, 'x')), 60);
  });

  it('counts those behind a trusted proxy one by one, and believes nobody else', async () => {
    const forwarded = (i: number) => ({ 'x-forwarded-for': `10.0.0.${i}` });
    http = await HttpFixture.open(db, { clock, trustProxy: ['loopback'] });
    const { post } = http;
    assert.equal(await allowed(62, (i) => post.call(http, SIGN_IN, {}, forwarded(i))), 62);
    assert.equal(await allowed(62, () => post.call(http, SIGN_IN, {}, forwarded(99))), 60);
    await http.close();
    http = await HttpFixture.open(db, { clock });
    assert.equal(await allowed(62, (i) => post.call(http, SIGN_IN, {}, forwarded(i))), 60);
  });
});
