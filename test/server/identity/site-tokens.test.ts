import assert from 'node:assert/strict';
import { createHmac, generateKeyPairSync, randomBytes } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { SignJWT, type JWTPayload } from 'jose';
import { rotateSiteSecret } from '../../../src/server/identity/rotate-site-secret.ts';
import { siteSecret } from '../../../src/server/identity/site-secret.ts';
import { verifyAgentToken } from '../../../src/server/identity/verify-agent-token.ts';
import { verifyApiToken } from '../../../src/server/identity/verify-api-token.ts';
import { verifyVisitorIdentity } from '../../../src/server/identity/verify-visitor-identity.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { withCode } from '../../support/error-code.ts';
import { writeTwoSites } from './sites.ts';

const key = randomBytes(32);
const secretOf = (site: string, version = 1) =>
  new TextEncoder().encode(siteSecret(key, site, version));
const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

const good: JWTPayload = { iss: 'acme', aud: 'rtc-desk-agent', sub: 'jo', exp: inSeconds(600) };

function sign(claims: JWTPayload, secret: Uint8Array = secretOf('acme'), alg = 'HS256') {
  return new SignJWT(claims).setProtectedHeader({ alg }).sign(secret);
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function without(name: string): JWTPayload {
  return Object.fromEntries(Object.entries(good).filter(([claim]) => claim !== name));
}

/** Each is refused wherever a site's token is expected. */
const attacks: Record<string, () => string | Promise<string>> = {
  'no algorithm': () => `${encode({ alg: 'none', typ: 'JWT' })}.${encode(good)}.`,
  'an algorithm written as None': () => `${encode({ alg: 'None' })}.${encode(good)}.`,
  'no signature': async () => (await sign(good)).replace(/[^.]*$/, ''),
  'the signature of other claims': async () => {
    const [head, , signature] = (await sign(good)).split('.');
    return `${head}.${encode({ ...good, sub: 'kim' })}.${signature}`;
  },
  'a stronger algorithm than the pinned one': () => sign(good, secretOf('acme'), 'HS512'),
  'a public key’s algorithm, signed with the secret': () => {
    const body = `${encode({ alg: 'RS256' })}.${encode(good)}`;
    return `${body}.${createHmac('sha256', secretOf('acme')).update(body).digest('base64url')}`;
  },
  'a key of its own': () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return new SignJWT(good).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
  },
  'a key in the header': () =>
    new SignJWT(good)
      .setProtectedHeader({ alg: 'HS256', jwk: { kty: 'oct', k: 'QUFBQQ' } } as { alg: string })
      .sign(new Uint8Array(32)),
  'a critical extension that nobody knows': async () => {
    const body = `${encode({ alg: 'HS256', crit: ['x'], x: 1 })}.${encode(good)}`;
    return `${body}.${createHmac('sha256', secretOf('acme')).update(body).digest('base64url')}`;
  },
  'the server’s own key': () => sign(good, key),
  'another site’s secret': () => sign(good, secretOf('other')),
  'a secret that has been replaced': () => sign(good, secretOf('acme', 0)),
  'a site that is not there': () => sign({ ...good, iss: 'nobody' }, secretOf('nobody')),
  'no site': () => sign(without('iss')),
  'another audience': () => sign({ ...good, aud: 'somebody-else' }),
  'no audience': () => sign(without('aud')),
  'no end': () => sign(without('exp')),
  'an end that is text': () => sign({ ...good, exp: '2999' as unknown as number }),
  'a time that is over': () => sign({ ...good, exp: inSeconds(-60) }),
  'a time that has not begun': () => sign({ ...good, nbf: inSeconds(600) }),
  'no subject': () => sign(without('sub')),
  'an empty subject': () => sign({ ...good, sub: '' }),
  'a subject with a NUL in it': () => sign({ ...good, sub: 'jo\u0000' }),
  'claims that are a list': async () => {
    const body = `${encode({ alg: 'HS256' })}.${encode([good])}`;
    return `${body}.${createHmac('sha256', secretOf('acme')).update(body).digest('base64url')}`;
  },
  'more bytes than any token has': () => sign({ ...good, more: 'x'.repeat(5000) }),
  words: () => 'not a token',
  nothing: () => '',
};

describe('tokens that a site’s backend signed', () => {
  onBothDatabases((test) => {
    beforeEach(() => writeTwoSites(test.db));

    it('say who the agent is', async () => {
      const { siteId, agentId } = await verifyAgentToken(test.db, key, await sign(good));
      const { rows } = await test.db.query<{ id: string }>(
        `select id from agents where username = 'jo'`,
      );
      assert.deepEqual({ siteId, agentId }, { siteId: 'acme', agentId: rows[0]?.id });
    });

    for (const [what, make] of Object.entries(attacks)) {
      it(`are refused with ${what}`, async () => {
        const token = await make();
        await assert.rejects(verifyAgentToken(test.db, key, token), withCode('unauthorized'));
      });
    }

    for (const sub of [7, true, ['jo'], { id: 'jo' }, [], {}]) {
      it(`are refused with invalid-identity if the subject is ${JSON.stringify(sub)}`, async () => {
        const claims = { ...good, sub: sub as unknown as string };
        const refused = withCode('invalid-identity');
        const api = await sign({ ...claims, aud: 'rtc-desk-api' });
        const visitor = await sign({ ...claims, aud: 'rtc-desk-visitor' });
        await assert.rejects(verifyAgentToken(test.db, key, await sign(claims)), refused);
        await assert.rejects(verifyApiToken(test.db, key, api), refused);
        await assert.rejects(verifyVisitorIdentity(test.db, key, 'acme', visitor), refused);
      });
    }

    it('of one site are refused for the agent of another', async () => {
      const token = await sign({ ...good, sub: 'kim' });
      await assert.rejects(verifyAgentToken(test.db, key, token), withCode('unauthorized'));
    });

    it('of an agent, a backend or a visitor live a day at most', async () => {
      const long = { ...good, exp: inSeconds(25 * 3600) };
      await assert.rejects(
        verifyAgentToken(test.db, key, await sign(long)),
        withCode('unauthorized'),
      );
      const api = await sign({ ...long, aud: 'rtc-desk-api' });
      await assert.rejects(verifyApiToken(test.db, key, api), withCode('unauthorized'));
      const visitor = await sign({ ...long, aud: 'rtc-desk-visitor' });
      await assert.rejects(
        verifyVisitorIdentity(test.db, key, 'acme', visitor),
        withCode('invalid-identity'),
      );
    });

    it('are accepted for their own audience only', async () => {
      const visitor = await sign({ ...good, aud: 'rtc-desk-visitor', sub: 'C-1' });
      const agent = await sign(good);
      await assert.rejects(verifyApiToken(test.db, key, visitor), withCode('unauthorized'));
      await assert.rejects(verifyApiToken(test.db, key, agent), withCode('unauthorized'));
      await assert.rejects(verifyAgentToken(test.db, key, visitor), withCode('unauthorized'));
      await assert.rejects(
        verifyVisitorIdentity(test.db, key, 'acme', agent),
        withCode('invalid-identity'),
      );
    });

    it('count after a rotation of the secret as long as the overlap lasts, and older ones not at all', async () => {
      const rotate = (overlapSeconds: number) =>
        rotateSiteSecret(test.db, key, {
          site: 'acme',
          overlapSeconds,
          actor: { kind: 'operator', name: 'root' },
        });
      const first = await sign(good);
      const { secret = '' } = (await rotate(3600)) ?? {};
      const second = await sign(good, new TextEncoder().encode(secret));
      await verifyAgentToken(test.db, key, first);
      await verifyAgentToken(test.db, key, second);
      await rotate(3600);
      await assert.rejects(verifyAgentToken(test.db, key, first), withCode('unauthorized'));
      await verifyAgentToken(test.db, key, second);
      await rotate(0);
      await assert.rejects(verifyAgentToken(test.db, key, second), withCode('unauthorized'));
      await verifyAgentToken(test.db, key, await sign(good, secretOf('acme', 4)));
      const { rows } = await test.db.query(
        `select type, actor_name from audit where site_id = 'acme'`,
      );
      assert.deepEqual(rows, Array(3).fill({ type: 'secret-rotated', actor_name: 'root' }));
    });

    it('carry a visitor’s id and name', async () => {
      const claims = { iss: 'acme', aud: 'rtc-desk-visitor', sub: 'C-7', exp: inSeconds(60) };
      const verify = async (more: JWTPayload) =>
        verifyVisitorIdentity(test.db, key, 'acme', await sign({ ...claims, ...more }));
      assert.deepEqual(await verify({ name: 'Ada' }), { id: 'C-7', name: 'Ada' });
      assert.deepEqual(await verify({}), { id: 'C-7', name: 'C-7' });
      assert.deepEqual(await verify({ name: 7 }), { id: 'C-7', name: 'C-7' });
      const lines = await verify({ name: `a\u0000\nb${'c'.repeat(100)}` });
      assert.match(lines.name, /^a bc{77}$/);
    });

    it('of a visitor are refused on another site', async () => {
      const token = await sign({ ...good, aud: 'rtc-desk-visitor', sub: 'C-7' });
      await assert.rejects(
        verifyVisitorIdentity(test.db, key, 'other', token),
        withCode('invalid-identity'),
      );
    });

    it('are not reported as wrong when the database fails', async () => {
      const broken = { query: () => Promise.reject(new Error('gone')) };
      await assert.rejects(verifyAgentToken(broken, key, await sign(good)), /gone/);
    });
  });
});
