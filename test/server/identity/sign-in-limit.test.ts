import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { countSignIn, forgetFailures } from '../../../src/server/identity/sign-in-limit.ts';
import { RetryLaterError } from '../../../src/server/rate-limits/retry-later-error.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeTwoSites } from './sites.ts';

describe('the limit of sign-ins for each account', () => {
  onBothDatabases((test) => {
    beforeEach(() => writeTwoSites(test.db));
    const endDelay = () => test.db.query('update sign_in_failures set blocked_until = now()');

    for (const username of ['jo', 'nobody']) {
      it(`gives ${username} five attempts, and then a delay that doubles with each, up to five minutes`, async () => {
        const delays: number[] = [];
        for (let attempt = 1; attempt <= 15; attempt += 1) {
          await countSignIn(test.db, 'acme', username);
          const { rows } = await test.db.query<{ seconds: number }>(
            'select extract(epoch from blocked_until - failed_at)::float8 as seconds from sign_in_failures',
          );
          delays.push(rows[0]?.seconds ?? NaN);
          await endDelay();
        }
        assert.deepEqual(delays, [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
      });
    }

    it('refuses attempts during the delay without counting them, and tells when it ends', async () => {
      await countSignIn(test.db, 'acme', 'jo');
      await test.db.query(`update sign_in_failures set blocked_until = now() + interval '1 hour'`);
      const refusal = await countSignIn(test.db, 'acme', 'jo').catch((error: unknown) => error);
      assert.ok(refusal instanceof RetryLaterError);
      assert.ok(refusal.retryAfter > 3_500 && refusal.retryAfter <= 3_600);
      const { rows } = await test.db.query('select failures from sign_in_failures');
      assert.deepEqual(rows, [{ failures: 1 }]);
      await countSignIn(test.db, 'other', 'jo');
      await countSignIn(test.db, 'acme', 'kim');
    });

    it('counts attempts at the same moment', async () => {
      const attempts = await Promise.allSettled(
        Array.from({ length: 20 }, () => countSignIn(test.db, 'acme', 'jo')),
      );
      assert.equal(attempts.filter(({ status }) => status === 'fulfilled').length, 6);
    });

    it('begins anew after a success, and after a day', async () => {
      for (let attempt = 1; attempt <= 6; attempt += 1) await countSignIn(test.db, 'acme', 'jo');
      await forgetFailures(test.db, 'acme', 'jo');
      for (let attempt = 1; attempt <= 6; attempt += 1) await countSignIn(test.db, 'acme', 'jo');
      await test.db.query(
        `update sign_in_failures set failed_at = now() - interval '25 hours', blocked_until = now()`,
      );
      await countSignIn(test.db, 'acme', 'jo');
      const { rows } = await test.db.query('select failures from sign_in_failures');
      assert.deepEqual(rows, [{ failures: 1 }]);
    });

    it('stores no name, since people type passwords into the wrong field', async () => {
      await countSignIn(test.db, 'acme', 'hunter2');
      await countSignIn(test.db, 'nowhere', 'jo');
      const { rows } = await test.db.query('select * from sign_in_failures');
      assert.equal(rows.length, 1, 'nothing is stored for a site that is not there');
      assert.ok(!JSON.stringify(rows).includes(Buffer.from('hunter2').toString('hex')));
      assert.ok(!JSON.stringify(rows).includes('hunter2'));
    });
  });
});
