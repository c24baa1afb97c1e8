import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { Database } from '../../../src/server/database/database.ts';
import {
  createAgentSession,
  endAgentSession,
  type AgentCredentials,
} from '../../../src/server/identity/agent-session.ts';
import { passwordThreads } from '../../../src/server/identity/password-threads.ts';
import { hashPassword, verifyPassword } from '../../../src/server/identity/password.ts';
import { countSignIn } from '../../../src/server/identity/sign-in-limit.ts';
import { verifyAgentToken } from '../../../src/server/identity/verify-agent-token.ts';
import { sweepSecrets } from '../../../src/server/sweeps/sweep-secrets.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeTwoSites } from './sites.ts';

const key = new Uint8Array(32);
const HERE = { address: '127.0.0.1', isLocal: true };
const signIn = (database: Database, credentials: AgentCredentials) =>
  createAgentSession({ database, key, audited: () => undefined }, credentials, HERE);
const unauthorized = (error: unknown) =>
  error instanceof RtcDeskError && error.code === 'unauthorized';

describe('a password', () => {
  it('is stored as a hash with its own salt and parameters', async () => {
    const [one, two] = await Promise.all([
      hashPassword('open sesame'),
      hashPassword('open sesame'),
    ]);
    assert.notEqual(one, two);
    assert.match(one, /^scrypt\$32768\$8\$3\$/);
    assert.ok(!one.includes('sesame'));
    assert.equal(await verifyPassword('open sesame', one), true);
    assert.equal(await verifyPassword('open sesam', one), false);
  });

  it('is the same however its accents were typed', async () => {
    assert.equal(await verifyPassword('cafe\u0301', await hashPassword('caf\u00e9')), true);
  });

  it('never matches if there is none', async () => {
    assert.equal(await verifyPassword('', null), false);
    assert.equal(await verifyPassword('A', null), false);
  });

  it('whose stored hash has an unknown form is an error', async () => {
    await assert.rejects(verifyPassword('x', 'plain:x'), /unknown form/);
  });
});

describe('a session', () => {
  onBothDatabases((test) => {
    beforeEach(async () => {
      await writeTwoSites(test.db);
      await test.db.query(`update agents set password_hash = $1 where username = 'jo'`, [
        await hashPassword('secret'),
      ]);
    });

    it('begins with the right password and says who the agent is', async () => {
      const session = await signIn(test.db, {
        site: 'acme',
        username: 'jo',
        password: 'secret',
      });
      const { siteId, agentId } = await verifyAgentToken(test.db, key, session.token);
      assert.deepEqual([siteId, agentId], ['acme', session.agent.id]);
      assert.equal(session.agent.name, 'Jo Park');
      assert.ok(session.expiresAt > Date.now());
    });

    it('does not begin with a wrong password, for an agent without one, or for nobody', async () => {
      for (const username of ['jo', 'kim', 'nobody']) {
        const wrong = { site: 'acme', username, password: 'wrong' };
        await assert.rejects(signIn(test.db, wrong), unauthorized);
      }
    });

    it('is refused with the same work and the same words, whether username or password was wrong', async () => {
      // Counts the slow hashes instead of measuring time.
      const refusals = [];
      for (const username of ['jo', 'kim', 'nobody', "jo' or '1'='1"]) {
        const before = passwordThreads.started;
        const signingIn = signIn(test.db, { site: 'acme', username, password: 'wrong' });
        const error = await signingIn.then(
          () => assert.fail('signed in'),
          (reason: RtcDeskError) => reason,
        );
        refusals.push([passwordThreads.started - before, error.code, error.message]);
      }
      const [first] = refusals;
      assert.equal(first?.[0], 1);
      for (const refusal of refusals) assert.deepEqual(refusal, first);
    });

    it('does not begin while a delay runs, not even with the right password', async () => {
      await countSignIn(test.db, 'acme', 'jo');
      await test.db.query(`update sign_in_failures set blocked_until = now() + interval '1 hour'`);
      const before = passwordThreads.started;
      const right = signIn(test.db, { site: 'acme', username: 'jo', password: 'secret' });
      await assert.rejects(right, { code: 'rate-limited' });
      assert.equal(passwordThreads.started, before, 'nothing is hashed');
      await test.db.query('update sign_in_failures set blocked_until = now()');
      await signIn(test.db, { site: 'acme', username: 'jo', password: 'secret' });
      const { rowCount } = await test.db.query('select from sign_in_failures');
      assert.equal(rowCount, 0, 'counting begins anew');
    });

    it('with the demo’s password begins on the server’s machine only', async () => {
      await test.db.query(`update agents set demo_password = true where username = 'jo'`);
      const credentials = { site: 'acme', username: 'jo', password: 'secret' };
      const from = (isLocal: boolean) =>
        createAgentSession({ database: test.db, key, audited: () => undefined }, credentials, {
          address: '203.0.113.7',
          isLocal,
        });
      await from(true);
      await assert.rejects(from(false), { code: 'forbidden' });
    });

    it('is told in the security log, also if it did not begin', async () => {
      await assert.rejects(signIn(test.db, { site: 'acme', username: 'jo', password: 'wrong' }));
      await assert.rejects(signIn(test.db, { site: 'acme', username: 'hunter2', password: 'x' }));
      await assert.rejects(signIn(test.db, { site: 'nowhere', username: 'jo', password: 'x' }));
      const { token, agent } = await signIn(test.db, {
        site: 'acme',
        username: 'jo',
        password: 'secret',
      });
      await endAgentSession(test.db, token, HERE);
      const { rows } = await test.db.query(
        'select type, actor, agent_id, address, subject from audit order by sequence',
      );
      const by = { actor: 'agent', agent_id: agent.id, address: '127.0.0.1', subject: null };
      const unknown = { actor: 'unknown', agent_id: null, address: '127.0.0.1' };
      assert.deepEqual(rows, [
        { type: 'sign-in-failed', ...unknown, subject: `agent:${agent.id}` },
        { type: 'sign-in-failed', ...unknown, subject: null },
        { type: 'signed-in', ...by },
        { type: 'signed-out', ...by },
      ]);
      assert.ok(!JSON.stringify(rows).includes('hunter2'), 'people type passwords as usernames');
    });

    it('is stored as a hash of its token', async () => {
      const { token } = await signIn(test.db, {
        site: 'acme',
        username: 'jo',
        password: 'secret',
      });
      const { rows } = await test.db.query('select * from agent_sessions');
      assert.ok(!JSON.stringify(rows).includes(token));
      assert.equal(rows.length, 1);
    });

    it('is refused to a disabled agent, and ends when the agent is disabled', async () => {
      const credentials = { site: 'acme', username: 'jo', password: 'secret' };
      const { token } = await signIn(test.db, credentials);
      await test.db.query(`update agents set disabled_at = now() where username = 'jo'`);
      await assert.rejects(signIn(test.db, credentials), unauthorized);
      await assert.rejects(verifyAgentToken(test.db, key, token), unauthorized);
    });

    it('belongs to the site’s own agent of that username', async () => {
      await test.db.query(
        `insert into agents (site_id, username, name, password_hash) values ('other', 'jo', 'Another Jo', $1)`,
        [await hashPassword('other secret')],
      );
      const wrong = { site: 'other', username: 'jo', password: 'secret' };
      await assert.rejects(signIn(test.db, wrong), unauthorized);
      const other = await signIn(test.db, { ...wrong, password: 'other secret' });
      assert.deepEqual([other.agent.site, other.agent.name], ['other', 'Another Jo']);
    });

    it('ends by signing out and by expiry', async () => {
      const sign = () => signIn(test.db, { site: 'acme', username: 'jo', password: 'secret' });
      const first = await sign();
      assert.equal((await endAgentSession(test.db, first.token, HERE))?.type, 'signed-out');
      assert.equal(await endAgentSession(test.db, first.token, HERE), null);
      await assert.rejects(verifyAgentToken(test.db, key, first.token), unauthorized);
      const second = await sign();
      await test.db.query(`update agent_sessions set expires_at = now() - interval '1 second'`);
      await assert.rejects(verifyAgentToken(test.db, key, second.token), unauthorized);
      const third = await sign();
      await sweepSecrets(test.db);
      const { rows } = await test.db.query('select 1 from agent_sessions');
      assert.equal(rows.length, 1, 'the sweep deletes the expired session alone');
      await verifyAgentToken(test.db, key, third.token);
    });
  });
});
