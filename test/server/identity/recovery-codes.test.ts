import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { createAgentSession } from '../../../src/server/identity/agent-session.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  renewRecoveryCodes,
} from '../../../src/server/identity/enrol-second-factor.ts';
import {
  findSessionAgent,
  type SessionAgent,
} from '../../../src/server/identity/find-session-agent.ts';
import { hashPassword } from '../../../src/server/identity/password.ts';
import { resetPassword } from '../../../src/server/identity/reset-password.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { openSession } from '../http/console-fixture.ts';
import { writeTwoSites } from './sites.ts';

const key = new Uint8Array(32).fill(3);
const HERE = { address: '127.0.0.1', isLocal: true };

describe('recovery codes', () => {
  onBothDatabases((test) => {
    let passwordHash: string;
    let jo: SessionAgent;
    let secret: string;
    let codes: readonly string[];

    /** Whether the password and this code are enough to sign in. */
    const signIn = async (code?: string, who = { site: 'acme', username: 'jo' }) => {
      const context = { database: test.db, key, audited: () => undefined };
      await createAgentSession(context, { ...who, password: 'secret', code }, HERE);
    };
    const appCode = (steps = 0): string =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({
        timestamp: Date.now() + steps * 30_000,
      });
    const wrong = { code: 'unauthorized' };
    /** Gives the agent a second factor, and uses the code of the step before up. */
    async function enrol(username: string) {
      const { rows } = await test.db.query<{ id: string }>(
        `update agents set password_hash = $2, role = 'admin' where username = $1 returning id`,
        [username, passwordHash],
      );
      const agent = await findSessionAgent(test.db, await openSession(test.db, rows[0]?.id ?? ''));
      secret = (await beginSecondFactor(test.db, key, agent)).secret;
      const made = await confirmSecondFactor(test.db, key, agent, appCode(-1), HERE);
      return { agent, codes: made.codes };
    }
    const left = async (): Promise<number> => {
      const { rows } = await test.db.query<{ n: number }>(
        'select count(*)::int as n from recovery_codes where agent_id = $1',
        [jo.id],
      );
      return rows[0]?.n ?? 0;
    };

    before(async () => {
      passwordHash = await hashPassword('secret');
    });
    beforeEach(async () => {
      await writeTwoSites(test.db);
      ({ agent: jo, codes } = await enrol('jo'));
    });

    it('are ten, made with the second factor, and only their hashes are stored', async () => {
      assert.equal(new Set(codes).size, 10);
      for (const code of codes) assert.match(code, /^[a-z2-9]{5}-[a-z2-9]{5}$/);
      const { rows } = await test.db.query<{ row: string }>(
        `select a::text || coalesce((select string_agg(encode(r.code_hash, 'escape'), ' ') from recovery_codes r), '')
           as row from agents a`,
      );
      assert.ok(rows.every(({ row }) => !codes.some((code) => row.includes(code))));
    });

    it('take the place of a code at a sign-in, each once, and are counted down', async () => {
      await enrol('kim');
      const [first = '', second = ''] = codes;
      await signIn(first);
      await assert.rejects(signIn(first), wrong);
      assert.equal(await left(), 9);
      await signIn(second.toUpperCase().replace('-', ''));
      assert.equal(await left(), 8);
      await assert.rejects(signIn('aaaaa-aaaaa'), wrong);
      await assert.rejects(signIn(codes[2], { site: 'other', username: 'kim' }), wrong);
      assert.equal(await left(), 8);
      const { rows } = await test.db.query(
        `select type, agent_id, after from audit where type = 'recovery-code-used' order by sequence`,
      );
      assert.deepEqual(rows, [
        { type: 'recovery-code-used', agent_id: jo.id, after: { left: 9 } },
        { type: 'recovery-code-used', agent_id: jo.id, after: { left: 8 } },
      ]);
    });

    it('are used once by two who sign in at the same moment', async () => {
      const both = await Promise.allSettled([signIn(codes[0]), signIn(codes[0])]);
      assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    });

    it('are made anew by a code, and the earlier ones are void', async () => {
      await assert.rejects(renewRecoveryCodes(test.db, key, jo, '000000', HERE), wrong);
      await assert.rejects(renewRecoveryCodes(test.db, key, jo, 'aaaaa-aaaaa', HERE), wrong);
      const made = await renewRecoveryCodes(test.db, key, jo, appCode(), HERE);
      assert.equal(await left(), 10);
      await assert.rejects(renewRecoveryCodes(test.db, key, jo, codes[0] ?? '', HERE), wrong);
      const again = await renewRecoveryCodes(test.db, key, jo, made.codes[0] ?? '', HERE);
      assert.equal(again.codes.length, 10);
      const { rows } = await test.db.query<{ type: string }>(
        `select type from audit where type like 'recovery-%' order by sequence`,
      );
      const types = ['recovery-codes-made', 'recovery-code-used', 'recovery-codes-made'];
      assert.deepEqual(
        rows.map(({ type }) => type),
        types,
      );
    });

    it('remove the second factor, and go with it', async () => {
      await removeSecondFactor(test.db, key, jo, codes[0] ?? '', HERE);
      assert.equal(await left(), 0);
      const renewed = renewRecoveryCodes(test.db, key, jo, codes[1] ?? '', HERE);
      await assert.rejects(renewed, { code: 'conflict' });
    });

    it('go when the operator removes the second factor', async () => {
      const actor = { kind: 'operator', name: 'root' } as const;
      const reset = { site: 'acme', username: 'jo', actor };
      await resetPassword(test.db, { ...reset, removeSecondFactor: false });
      assert.equal(await left(), 10);
      await resetPassword(test.db, { ...reset, removeSecondFactor: true });
      assert.equal(await left(), 0);
    });

    it('are guessed no more often than passwords', async () => {
      await assert.rejects(renewRecoveryCodes(test.db, key, jo, 'aaaaa-aaaa8', HERE), wrong);
      await assert.rejects(removeSecondFactor(test.db, key, jo, 'aaaaa-aaaa9', HERE), wrong);
      const { rows } = await test.db.query('select failures from sign_in_failures');
      assert.deepEqual(rows, [{ failures: 2 }]);
      await test.db.query(`update sign_in_failures set blocked_until = now() + interval '1 hour'`);
      await assert.rejects(renewRecoveryCodes(test.db, key, jo, codes[0] ?? '', HERE), {
        code: 'rate-limited',
      });
    });
  });
});
