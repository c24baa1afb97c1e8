import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { beforeEach, describe, it } from 'node:test';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { createAgentSession, endAgentSession } from '../../../src/server/identity/agent-session.ts';
import { hashPassword, verifyPassword } from '../../../src/server/identity/password.ts';
import { verifyAgentToken } from '../../../src/server/identity/verify-agent-token.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { writeTwoSites } from './sites.ts';

const key = new Uint8Array(32);
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
      const session = await createAgentSession(test.db, {
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
        await assert.rejects(createAgentSession(test.db, wrong), unauthorized);
      }
    });

    it('is refused with the same work and the same words, whether username or password was wrong', async () => {
      // Counts the slow hashes instead of measuring time.
      let hashed = 0;
      const hook = createHook({ init: (_, type) => void (type === 'SCRYPTREQUEST' && hashed++) });
      hook.enable();
      try {
        const refusals = [];
        for (const username of ['jo', 'kim', 'nobody', "jo' or '1'='1"]) {
          hashed = 0;
          const signingIn = createAgentSession(test.db, {
            site: 'acme',
            username,
            password: 'wrong',
          });
          const error = await signingIn.then(
            () => assert.fail('signed in'),
            (reason: RtcDeskError) => reason,
          );
          refusals.push([hashed, error.code, error.message]);
        }
        const [first] = refusals;
        assert.equal(first?.[0], 1);
        for (const refusal of refusals) assert.deepEqual(refusal, first);
      } finally {
        hook.disable();
      }
    });

    it('is stored as a hash of its token', async () => {
      const { token } = await createAgentSession(test.db, {
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
      const { token } = await createAgentSession(test.db, credentials);
      await test.db.query(`update agents set disabled_at = now() where username = 'jo'`);
      await assert.rejects(createAgentSession(test.db, credentials), unauthorized);
      await assert.rejects(verifyAgentToken(test.db, key, token), unauthorized);
    });

    it('belongs to the site’s own agent of that username', async () => {
      await test.db.query(
        `insert into agents (site_id, username, name, password_hash) values ('other', 'jo', 'Another Jo', $1)`,
        [await hashPassword('other secret')],
      );
      const wrong = { site: 'other', username: 'jo', password: 'secret' };
      await assert.rejects(createAgentSession(test.db, wrong), unauthorized);
      const other = await createAgentSession(test.db, { ...wrong, password: 'other secret' });
      assert.deepEqual([other.agent.site, other.agent.name], ['other', 'Another Jo']);
    });

    it('ends by signing out and by expiry', async () => {
      const sign = () =>
        createAgentSession(test.db, { site: 'acme', username: 'jo', password: 'secret' });
      const first = await sign();
      assert.equal(await endAgentSession(test.db, first.token), true);
      assert.equal(await endAgentSession(test.db, first.token), false);
      await assert.rejects(verifyAgentToken(test.db, key, first.token), unauthorized);
      const second = await sign();
      await test.db.query(`update agent_sessions set expires_at = now() - interval '1 second'`);
      await assert.rejects(verifyAgentToken(test.db, key, second.token), unauthorized);
      await sign();
      const { rows } = await test.db.query('select 1 from agent_sessions');
      assert.equal(rows.length, 1, 'expired sessions are deleted');
    });
  });
});
