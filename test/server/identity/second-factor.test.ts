import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { Secret, TOTP } from 'otpauth';
import { createAgentSession } from '../../../src/server/identity/agent-session.ts';
import {
  beginSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
} from '../../../src/server/identity/enrol-second-factor.ts';
import { findSessionAgent } from '../../../src/server/identity/find-session-agent.ts';
import { hashPassword } from '../../../src/server/identity/password.ts';
import { resetPassword } from '../../../src/server/identity/reset-password.ts';
import { openSecondFactor, sealSecondFactor } from '../../../src/server/identity/second-factor.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeTwoSites } from './sites.ts';

const key = new Uint8Array(32).fill(3);
const HERE = { address: '127.0.0.1', isLocal: true };
const JO = { site: 'acme', username: 'jo', password: 'secret' };

/** The code of an app that has this secret, so many steps from now. */
function codeOf(secret: string, steps = 0): string {
  const app = new TOTP({ secret: Secret.fromBase32(secret) });
  return app.generate({ timestamp: Date.now() + steps * 30_000 });
}

describe('a second factor', () => {
  onBothDatabases((test) => {
    const signIn = (code?: string, password = JO.password) =>
      createAgentSession(
        { database: test.db, key, audited: () => undefined },
        { ...JO, password, code },
        HERE,
      );
    const agentOf = async (token: string) => findSessionAgent(test.db, token);
    /** Codes of the step before are free for the sign-ins that follow. */
    async function enrol(): Promise<string> {
      const agent = await agentOf((await signIn()).token);
      const { secret } = await beginSecondFactor(test.db, key, agent);
      await confirmSecondFactor(test.db, key, agent, codeOf(secret, -1), HERE);
      return secret;
    }

    beforeEach(async () => {
      await writeTwoSites(test.db);
      await test.db.query(
        `update agents set password_hash = $1, role = 'admin' where username = 'jo'`,
        [await hashPassword('secret')],
      );
    });

    it('is asked for after the right password, and no code counts twice', async () => {
      const secret = await enrol();
      await assert.rejects(signIn(), { code: 'second-factor-needed' });
      await assert.rejects(signIn(undefined, 'wrong'), { code: 'unauthorized' });
      await assert.rejects(signIn('000000'), { code: 'unauthorized' });
      const code = codeOf(secret);
      await signIn(code);
      await assert.rejects(signIn(code), { code: 'unauthorized' });
    });

    it('counts only after its first code', async () => {
      const agent = await agentOf((await signIn()).token);
      const { secret, uri } = await beginSecondFactor(test.db, key, agent);
      assert.match(uri, /^otpauth:\/\/totp\/Acme:jo\?.*issuer=Acme/);
      await signIn();
      const wrong = confirmSecondFactor(test.db, key, agent, '000000', HERE);
      await assert.rejects(wrong, { code: 'unauthorized' });
      await signIn();
      await confirmSecondFactor(test.db, key, agent, codeOf(secret), HERE);
      await assert.rejects(signIn(), { code: 'second-factor-needed' });
      await assert.rejects(beginSecondFactor(test.db, key, agent), { code: 'conflict' });
    });

    it('is for the roles of the console only', async () => {
      await test.db.query(`update agents set role = 'agent' where username = 'jo'`);
      const agent = await agentOf((await signIn()).token);
      await assert.rejects(beginSecondFactor(test.db, key, agent), { code: 'forbidden' });
    });

    it('is removed by a code, or by the operator', async () => {
      const secret = await enrol();
      const agent = await agentOf((await signIn(codeOf(secret))).token);
      const wrong = removeSecondFactor(test.db, key, agent, '000000', HERE);
      await assert.rejects(wrong, { code: 'unauthorized' });
      await removeSecondFactor(test.db, key, agent, codeOf(secret, 1), HERE);
      await signIn();
      await enrolAgain();
      const actor = { kind: 'operator', name: 'root' } as const;
      const reset = { site: 'acme', username: 'jo', removeSecondFactor: true, actor };
      const { password } = (await resetPassword(test.db, reset)) ?? assert.fail('no such agent');
      await assert.rejects(signIn(), { code: 'unauthorized' });
      await signIn(undefined, password);
      const { rows } = await test.db.query<{ type: string }>(
        `select type from audit where type like 'second%' or type like 'pass%' order by sequence`,
      );
      assert.deepEqual(
        rows.map(({ type }) => type),
        ['second-factor-added', 'second-factor-removed', 'second-factor-added', 'password-reset'],
      );
    });

    async function enrolAgain(): Promise<void> {
      await test.db.query('update agents set second_factor_step = null');
      await enrol();
    }

    it('is stored encrypted, for its own agent and the server’s own key', async () => {
      const secret = await enrol();
      const { rows } = await test.db.query<{ stored: Buffer }>(
        `select second_factor as stored from agents where username = 'jo'`,
      );
      const bytes = Buffer.from(Secret.fromBase32(secret).bytes);
      assert.ok(!rows[0]?.stored.includes(bytes));
      const sealed = sealSecondFactor(key, 'a-1', bytes);
      assert.deepEqual(openSecondFactor(key, 'a-1', sealed), bytes);
      assert.throws(() => openSecondFactor(key, 'a-2', sealed));
      assert.throws(() => openSecondFactor(new Uint8Array(32), 'a-1', sealed));
    });
  });
});
