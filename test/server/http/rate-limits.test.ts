import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Database } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { TokenBuckets, type Rate } from '../../../src/server/rate-limits/token-buckets.ts';
import { freshDataDirectory } from '../../support/fresh-data-directory.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';
import { HttpFixture } from './http-fixture.ts';

/** A thousandth of each limit, for a limit that takes too many requests to reach. */
class SmallBuckets extends TokenBuckets {
  override take(key: string, { burst, perSecond }: Rate): number {
    return super.take(key, { burst: burst / 1_000, perSecond: perSecond / 1_000 });
  }
}

const SIGN_IN = '/api/v1/agent-sessions';
const UPLOAD = '/api/v1/rooms/7/images';

describe('the rate limits of an address', () => {
  let directory: Awaited<ReturnType<typeof freshDataDirectory>>;
  let db: Database;
  let http: HttpFixture | null = null;
  // The clock stands still, so that no bucket refills on a slow machine.
  let now = 0;
  const clock = () => now;

  before(async () => {
    directory = await freshDataDirectory();
    db = await openDatabase({ dataDir: directory.dataDir, nodeId: randomUUID() });
  });
  // Each test has a server of its own, because each server counts from zero.
  afterEach(async () => {
    await http?.close();
    http = null;
  });
  after(async () => {
    await db?.close();
    await directory?.remove();
  });

  /** How many of `times` requests were allowed before the first refusal. All later ones must be refused too. */
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

  it('allow 1,200 requests a minute, also for addresses that nothing answers', async () => {
    http = await HttpFixture.open(db, { clock });
    const { url } = http;
    const nowhere = (i: number) => fetch(i % 2 ? `${url}/nowhere/${i}` : `${url}/rtc-desk.js`);
    assert.equal(await allowed(1_203, nowhere), 1_200);
    assert.equal((await http.get('/healthz')).status, 200, 'a health probe is never refused');
    assert.equal((await http.get('/metrics')).status, 200);
    now += 60_000;
    assert.equal(await allowed(1_203, nowhere), 1_200, 'and again a minute later');
  });

  it('allow ten sign-ins a minute for each agent', async () => {
    http = await HttpFixture.open(db, { clock });
    const { post } = http;
    const as = (username: string) =>
      post.call(http, SIGN_IN, { site: 'acme', username, password: 'guess' });
    assert.equal(await allowed(12, () => as('jo')), 10);
    assert.equal((await as('kim')).status, 401, 'another agent can sign in');
  });

  it('allow sixty sign-ins a minute over all agents, and sixty pictures', async () => {
    http = await HttpFixture.open(db, { clock });
    const { post } = http;
    assert.equal(await allowed(62, () => post.call(http, SIGN_IN, {})), 60);
    assert.equal(await allowed(62, () => post.call(http, UPLOAD, 'x')), 60);
  });

  it('allow 60,000 callbacks of TRTC a minute, signed or not', async () => {
    const trtc = { ...TEST_TRTC, callbackKey: 'TheCallbackKey0123456789' };
    http = await HttpFixture.open(db, { trtc, buckets: new SmallBuckets(clock) });
    const { post } = http;
    assert.equal(await allowed(62, () => post.call(http, '/hooks/trtc', {})), 60);
    now += 60_000;
    assert.equal(
      (await post.call(http, '/hooks/trtc', {})).status,
      401,
      'and again a minute later',
    );
  });

  it('count each address behind a trusted proxy for itself, and ignore the header of others', async () => {
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
