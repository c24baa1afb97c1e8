import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { after, afterEach, before, describe, it } from 'node:test';
import { Turnstile } from '../../../src/server/challenges/turnstile.ts';
import { TurnstileApi } from '../../support/turnstile-api.ts';
import { waitUntil } from '../../support/wait-until.ts';

const SECRET = '0x4AAAAAAA-secret';

describe('an answer to Turnstile', () => {
  let api: TurnstileApi;
  before(async () => {
    api = await TurnstileApi.open(SECRET);
    for (const token of ['one', 'two', 'three']) api.tokens.add(token);
  });
  afterEach(() => {
    api.broken = null;
  });
  after(() => api.close());

  const verify = (answer: string, requestId = randomUUID(), secretKey = SECRET) =>
    new Turnstile(api.address).verify({ secretKey, answer, requestId });

  it('counts once, and again only for the same request', async () => {
    const requestId = randomUUID();
    assert.equal(await verify('one', requestId), true);
    assert.equal(await verify('one', requestId), true);
    assert.equal(await verify('one'), false);
    assert.equal(await verify('never given out'), false);
    assert.deepEqual(api.requests.at(-1), {
      secret: SECRET,
      response: 'never given out',
      idempotency_key: api.requests.at(-1)?.idempotency_key,
    });
  });

  it('is no answer if the secret is wrong: that is the operator’s fault, and named', async () => {
    await assert.rejects(verify('two', randomUUID(), 'wrong'), /invalid-input-secret/);
  });

  const broken: Record<string, [RegExp, (response: ServerResponse) => unknown]> = {
    'is down': [/status 503/, (response) => response.writeHead(503).end()],
    redirects: [
      /fetch failed/,
      (response) => response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    ],
    'answers with no JSON': [/JSON/, (response) => response.end('<html>')],
    'answers with something else': [/not understood/, (response) => response.end('{"success":1}')],
    'answers null': [/not understood/, (response) => response.end('null')],
    'answers without end': [
      /too large/,
      (response) => {
        const more = () => response.write('x'.repeat(64 * 1024), () => void more());
        more();
      },
    ],
    'cuts the connection': [/fetch failed/, (response) => response.destroy()],
  };
  for (const [what, [message, answer]] of Object.entries(broken)) {
    it(`is not taken as right if the service ${what}`, async () => {
      api.broken = (response) => void answer(response);
      await assert.rejects(verify('three'), message);
    });
  }

  it('is given up if the service does not answer in time', async () => {
    api.broken = () => {};
    const turnstile = new Turnstile(api.address, 20);
    await assert.rejects(
      turnstile.verify({ secretKey: SECRET, answer: 'three', requestId: randomUUID() }),
      { name: 'TimeoutError' },
    );
  });

  it('waits for at most 32 others, and further ones are refused at once', async () => {
    const waiting: ServerResponse[] = [];
    api.broken = (response) => void waiting.push(response);
    // On a slow machine the 32 requests take longer than a person is kept waiting.
    const turnstile = new Turnstile(api.address, 60_000);
    const ask = () =>
      turnstile.verify({ secretKey: SECRET, answer: 'three', requestId: randomUUID() });
    const asked = Array.from({ length: 32 }, ask);
    await assert.rejects(ask(), /Too many/);
    await waitUntil('all have arrived', () => waiting.length === 32);
    for (const response of waiting) response.end('{"success":true}');
    assert.deepEqual(await Promise.all(asked), Array<boolean>(32).fill(true));
    api.broken = null;
    assert.equal(await ask(), true);
  });
});
