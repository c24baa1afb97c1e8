import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { test } from 'node:test';
import { SignJWT, type JWTPayload } from 'jose';
import { siteSecret } from '../../../src/server/identity/site-secret.ts';
import { activeLeg, offeredLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { ProtocolClient, type HelloBody } from '../../support/protocol-client.ts';
import {
  accept,
  callFrom,
  connect,
  deskOf,
  enter,
  makeSite,
  newResume,
  TEST_KEY,
} from '../../support/signaling-server.ts';

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

onBothStores((bench) => {
  async function refused(hello: HelloBody, origin?: string) {
    const client = await ProtocolClient.open(bench.server.url, origin ? { origin } : {});
    client.hello(hello);
    const end = await client.waitForClose();
    const error = client.messages.find(({ type }) => type === 'error');
    assert.ok(error?.type === 'error' && error.code === end.reason);
    return [end.code, end.reason];
  }

  test('an unknown site and a foreign origin are refused, each with its code', async () => {
    const site = await makeSite(bench.server.database);
    const visitor = { role: 'visitor', site: site.id } as const;
    const agent = { role: 'agent', token: site.agents[0]?.token ?? '' } as const;
    // The last two cannot be stored by the database.
    for (const nowhere of ['nowhere', `${site.id}\0`, '\ud800']) {
      assert.deepEqual(await refused({ role: 'visitor', site: nowhere }), [4403, 'unknown-site']);
    }
    const evil = 'https://evil.example.net';
    assert.deepEqual(await refused(visitor, evil), [4403, 'origin-not-allowed']);
    assert.deepEqual(await refused(agent, evil), [4403, 'origin-not-allowed']);
    assert.deepEqual(await refused(agent, 'https://shop.example.com'), [
      4403,
      'origin-not-allowed',
    ]);
    assert.deepEqual(await refused(visitor, 'null'), [4403, 'origin-not-allowed']);
    for (const origin of ['https://shop.example.com', bench.server.url]) {
      await (await ProtocolClient.join(bench.server.url, visitor, { origin })).close();
    }
    for (const origin of ['https://crm.example.com', bench.server.url]) {
      await (await ProtocolClient.join(bench.server.url, agent, { origin })).close();
    }
  });

  test('a wrong, expired or foreign token opens nothing', async () => {
    const { database } = bench.server;
    const site = await makeSite(database);
    const agent = site.agents[0];
    await database.query(
      `update agent_sessions set expires_at = now() - interval '1 second' where agent_id = $1`,
      [agent?.id],
    );
    for (const token of ['x', agent?.token ?? '', newResume(), 'a.b.c']) {
      assert.deepEqual(await refused({ role: 'agent', token }), [4401, 'unauthorized']);
      assert.deepEqual(await refused({ role: 'guest', token }), [4401, 'unauthorized']);
    }
  });

  test('a JWT that is expired, foreign, unsigned or for something else opens nothing, and a good one does', async () => {
    const { url, database } = bench.server;
    const [site, other] = [await makeSite(database), await makeSite(database)];
    const sub = site.agents[0]?.username ?? '';
    const sign = (claims: JWTPayload = {}, secretOf = site.id, alg = 'HS256') =>
      new SignJWT({ iss: site.id, aud: 'rtc-desk-agent', sub, exp: inSeconds(60), ...claims })
        .setProtectedHeader({ alg })
        .sign(new TextEncoder().encode(siteSecret(TEST_KEY, secretOf, 1)));
    const [, payload] = (await sign()).split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    for (const token of [
      await sign({ exp: inSeconds(-60) }),
      await sign({}, other.id),
      await sign({ iss: other.id }, other.id),
      await sign({ iss: 'nowhere' }),
      await sign({ aud: 'rtc-desk-visitor' }),
      await sign({ sub: 'nobody' }),
      await sign({}, site.id, 'HS512'),
      unsigned,
    ]) {
      assert.deepEqual(await refused({ role: 'agent', token }), [4401, 'unauthorized']);
    }
    const agent = await ProtocolClient.join(url, { role: 'agent', token: await sign() });
    assert.equal(agent.view.agent.username, sub);
    await agent.close();
  });

  test('a session that has ended opens no socket', async () => {
    const { database } = bench.server;
    const { agents } = await makeSite(database);
    const { id = '', token = '' } = agents[0] ?? {};
    await database.query('delete from agent_sessions where agent_id = $1', [id]);
    assert.deepEqual(await refused({ role: 'agent', token }), [4401, 'unauthorized']);
  });

  test('another version of the protocol closes with 4406', async () => {
    const client = await ProtocolClient.open(bench.server.url);
    client.sendRaw('{"type":"hello","protocol":99,"role":"visitor","site":"demo"}');
    assert.deepEqual(await client.waitForClose(), { code: 4406, reason: 'unsupported-protocol' });
  });

  test('a socket without a hello is closed with 4408', async () => {
    const client = await ProtocolClient.open(bench.server.url);
    assert.deepEqual(await client.waitForClose(), { code: 4408, reason: 'bad-message' });
  });

  test('nonsense before the hello closes the socket, nonsense after it is answered', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    for (const frame of ['nonsense', '{"type":"ping"}', '[]', 'null', '{"__proto__":1}']) {
      const client = await ProtocolClient.open(url);
      client.sendRaw(frame);
      assert.equal((await client.waitForClose()).code, 4400);
    }
    const bystander = await callFrom(url, site);
    const client = await ProtocolClient.join(url, { role: 'visitor', site: site.id });
    const frames = ['nonsense', '{"type":"nonsense"}', '{"type":"end-call"}', '{"type":"hello"}'];
    for (const frame of frames) client.sendRaw(frame);
    client.sendRaw(Buffer.from([1, 2, 3]));
    await client.until(
      () => client.messages.filter(({ type }) => type === 'error').length === frames.length + 1,
      'an error for each',
    );
    client.send({ type: 'ping' });
    await client.message('pong');
    assert.equal(client.closed, null);
    assert.equal(bystander.visitor.closed, null);
    await Promise.all([client.close(), bystander.visitor.close()]);
  });

  test('a frame over 64 KiB closes its own socket with 1009', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const client = await ProtocolClient.join(url, { role: 'visitor', site: site.id });
    client.sendRaw(JSON.stringify({ type: 'ping', padding: 'x'.repeat(64 * 1024) }));
    assert.equal((await client.waitForClose()).code, 1009);
  });

  test('params that are too many, too large, no strings or have __proto__ are invalid-params', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const client = await ProtocolClient.join(url, { role: 'visitor', site: site.id });
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`k${i}`, 'v']));
    const large = { a: 'x'.repeat(2100), b: 'x'.repeat(2100) };
    const bad = [many, large, { a: 1 }, { constructor: 'x' }, { a: 'x\u0000' }];
    for (const params of bad as Record<string, string>[]) {
      await assert.rejects(
        client.command({ type: 'request-call', resume: newResume(), params }),
        withCode('invalid-params'),
      );
    }
    client.sendRaw(
      `{"type":"request-call","id":"proto","resume":"${newResume()}","params":{"__proto__":"x"}}`,
    );
    const result = await client.message('result', ({ id }) => id === 'proto');
    assert.ok(!result.ok && result.code === 'invalid-params');
    assert.equal(client.view.call, null);
    await client.close();
  });

  test('an unknown skill, a full queue, a group without agents and closed hours each have a code', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const ask = async (skill?: string) => {
      const client = await ProtocolClient.join(url, { role: 'visitor', site: site.id });
      try {
        return await client.command({
          type: 'request-call',
          resume: newResume(),
          params: {},
          ...(skill ? { skill } : {}),
        });
      } finally {
        await client.close();
      }
    };
    await assert.rejects(ask('nonsense'), withCode('unknown-skill'));
    await database.query(`update sites set no_agent = 'refuse' where id = $1`, [site.id]);
    await assert.rejects(ask(), withCode('no-agent-online'));
    await database.query(`update sites set no_agent = 'queue', queue_limit = 1 where id = $1`, [
      site.id,
    ]);
    await ask();
    await assert.rejects(ask(), withCode('queue-full'));
    await database.query(
      `insert into hours (site_id, id, name, schedule) values ($1, 'never', 'Never', '{"timeZone":"UTC","open":[]}')`,
      [site.id],
    );
    await database.query(`update skill_groups set hours = 'never' where site_id = $1`, [site.id]);
    await assert.rejects(ask(), withCode('out-of-hours'));
  });

  test('a name is verified only if the site’s backend signed it, and is always one line of text', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const desk = await deskOf(url, site.agents[0], 'break');
    const sign = (aud: string, claims: JWTPayload = {}) =>
      new SignJWT({
        iss: site.id,
        sub: 'c-1',
        name: 'Wang Wei',
        aud,
        exp: inSeconds(60),
        ...claims,
      })
        .setProtectedHeader({ alg: 'HS256' })
        .sign(new TextEncoder().encode(siteSecret(TEST_KEY, claims.iss ?? site.id, 1)));
    const ask = async (body: { name?: string; identity?: string; page?: string }) => {
      const visitor = await ProtocolClient.join(url, { role: 'visitor', site: site.id });
      const resume = newResume();
      const asked = visitor.command({ type: 'request-call', resume, params: {}, ...body });
      await asked.catch(() => visitor.close());
      const { callId } = await asked;
      await desk.command({ type: 'set-status', status: 'available' });
      const view = await desk.waitFor((view) => offeredLeg(view)?.call.id === callId);
      await visitor.command({ type: 'end-call', callId });
      await visitor.close();
      await desk.command({ type: 'set-status', status: 'break' });
      return offeredLeg(view)?.call.visitor;
    };
    const signed = await ask({ name: 'Somebody', identity: await sign('rtc-desk-visitor') });
    assert.deepEqual([signed?.name, signed?.verified, signed?.id], ['Wang Wei', true, 'c-1']);
    const claimed = await ask({ name: ' <b>Wang\u202e\nWei</b>\u0000 ' });
    assert.deepEqual([claimed?.name, claimed?.verified], ['<b>Wang Wei</b>', false]);
    const nameless = await ask({ page: 'https://shop.example.com/help?token=secret#top' });
    assert.equal(nameless?.name, 'Visitor');
    assert.equal(nameless?.page, 'https://shop.example.com/help');
    assert.equal((await ask({ page: 'javascript:alert(1)' }))?.page, null);
    const other = await makeSite(database, 0);
    for (const identity of [
      'x',
      await sign('rtc-desk-agent'),
      await sign('rtc-desk-visitor', { exp: inSeconds(-60) }),
      await sign('rtc-desk-visitor', { iss: other.id }),
    ]) {
      await assert.rejects(ask({ identity }), withCode('invalid-identity'));
    }
    await desk.close();
  });

  test('a resume token of another site opens nothing', async () => {
    const { url, database } = bench.server;
    const [site, other] = [await makeSite(database), await makeSite(database)];
    const { visitor, resume } = await callFrom(url, site);
    const thief = await ProtocolClient.join(url, { role: 'visitor', site: other.id, resume });
    assert.equal(thief.view.call, null);
    await assert.rejects(
      thief.command({ type: 'request-call', resume, params: {} }),
      withCode('conflict'),
    );
    assert.equal(visitor.closed, null);
    await Promise.all([visitor.close(), thief.close()]);
  });

  test('a flood is answered by rate-limited and then closed, and a call under way goes on', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, room } = await connect(url, site);
    const flood = await ProtocolClient.join(url, { role: 'visitor', site: site.id });
    for (let i = 0; i < 3_000; i += 1) flood.send({ type: 'ping' });
    assert.deepEqual(await flood.waitForClose(), { code: 4429, reason: 'rate-limited' });
    assert.ok(flood.messages.some((m) => m.type === 'error' && m.code === 'rate-limited'));
    await desk.command({ type: 'chat-send', room, messageId: randomUUID(), text: 'on' });
    await visitor.until(() => visitor.chat.length === 1, 'the message');
    await Promise.all([visitor.close(), desk.close()]);
  });

  test('a peer that does not read is cut off, and the other side of the call goes on', async () => {
    const { url, database, registry } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, room, visitorTicket } = await connect(url, site);
    const slowReaders = async () => {
      const metric = await registry.getSingleMetric('rtc_desk_slow_readers_total')?.get();
      return metric?.values[0]?.value ?? 0;
    };
    const before = await slowReaders();
    // The buffers of the kernel have to be full before anything piles up in the server.
    visitor.socket.pause();
    const data = 'x'.repeat(60_000);
    for (let pongs = 1; pongs < 29 && (await slowReaders()) === before; pongs += 1) {
      for (let i = 0; i < 20; i += 1) {
        desk.send({ type: 'signal', room, to: visitorTicket.participant, data });
      }
      desk.send({ type: 'ping' });
      await desk.until(
        () => desk.messages.filter(({ type }) => type === 'pong').length === pongs,
        'a pong',
      );
    }
    assert.equal(await slowReaders(), before + 1);
    const alone = await desk.waitFor((view) => activeLeg(view)?.call.visitorOnline === false);
    assert.equal(activeLeg(alone)?.call.state, 'connected');
    visitor.cut();
    await desk.close();
  });

  test('an upgrade on another path is refused', async () => {
    const { url } = bench.server;
    const status = await new Promise((resolve, reject) => {
      const upgrade = request(`${url}/elsewhere`, {
        headers: { connection: 'Upgrade', upgrade: 'websocket' },
      });
      upgrade.on('response', (response) => resolve(response.resume().statusCode));
      upgrade.on('error', reject);
      upgrade.end();
    });
    assert.equal(status, 404);
  });

  test('an offer can be accepted by its agent only', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database, 2);
    const holder = await deskOf(url, site.agents[0]);
    const { visitor } = await callFrom(url, site);
    const offer = offeredLeg(await holder.waitFor(offeredLeg));
    const other = await deskOf(url, site.agents[1]);
    await assert.rejects(
      other.command({ type: 'accept-offer', legId: offer?.id ?? '' }),
      withCode('forbidden'),
    );
    await accept(holder);
    await enter(holder);
    await visitor.waitFor(({ call }) => call?.state === 'ready');
    await Promise.all([visitor.close(), holder.close(), other.close()]);
  });
});
