import assert from 'node:assert/strict';
import { test } from 'node:test';
import { activeLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { ProtocolClient, type VisitorClient } from '../../support/protocol-client.ts';
import {
  callFrom,
  connect,
  enter,
  makeSite,
  newResume,
  startSignalingServer,
  type TestSite,
} from '../../support/signaling-server.ts';

const HANDED_OVER = { code: 4409, reason: 'handed-over' };
const UNKNOWN = 'A'.repeat(22);

onBothStores((bench) => {
  /** A socket of another device, before it has a call. */
  const deviceOf = (site: TestSite, url = bench.server.url) =>
    ProtocolClient.join(url, { role: 'visitor', site: site.id });
  const offer = (visitor: VisitorClient) => visitor.command({ type: 'offer-hand-over' });
  const take = (device: VisitorClient, code: string, resume = newResume()) =>
    device.command({ type: 'take-hand-over', code, resume });
  const comeBack = (site: TestSite, resume: string, url = bench.server.url) =>
    ProtocolClient.join(url, { role: 'visitor', site: site.id, resume, fresh: true });

  async function waiting() {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    return { ...(await callFrom(url, site)), site, database, url };
  }

  test('another device takes the place in the queue, and the first one is told so', async () => {
    const { visitor, site, callId, database, resume: former } = await waiting();
    const { rows: before } = await database.query<{ now: number }>(
      'select extract(epoch from now()) * 1000 as now',
    );
    const { code, expiresAt } = await offer(visitor);
    assert.match(code, /^[A-Za-z0-9_-]{22}$/);
    const seconds = (expiresAt - Number(before[0]!.now)) / 1_000;
    assert.ok(seconds >= 119 && seconds <= 180, `${seconds} s`);
    const { rows } = await database.query<{ row: string }>(
      'select to_jsonb(c)::text as row from calls c where id = $1',
      [callId],
    );
    assert.ok(!rows[0]!.row.includes(code), 'the code is stored');
    assert.ok(!code.includes(former.slice(0, 8)) && !former.includes(code));

    const phone = await deviceOf(site);
    const resume = newResume();
    assert.deepEqual(await take(phone, code, resume), { callId });
    assert.deepEqual(await visitor.waitForClose(), HANDED_OVER);
    const back = await comeBack(site, resume);
    assert.equal(back.view.call?.id, callId);
    assert.equal(back.view.call?.position, 1);
    assert.equal(back.closed, null);
    const { rows: events } = await database.query<{ type: string; actor: string }>(
      'select type, actor from call_events where call_id = $1 order by sequence',
      [callId],
    );
    assert.deepEqual(events.at(-1), { type: 'handed-over', actor: 'visitor' });
    await Promise.all([phone.close(), back.close()]);
  });

  test('the token of the first device opens the call no longer, also after a time offline', async () => {
    const { visitor, site, url, resume } = await waiting();
    const { code } = await offer(visitor);
    visitor.cut();
    const phone = await deviceOf(site);
    await take(phone, code);
    const late = await ProtocolClient.open(url);
    late.hello({ role: 'visitor', site: site.id, resume });
    assert.deepEqual(await late.waitForClose(), HANDED_OVER);
    await phone.close();
  });

  test('in a call the other device comes in as a new participant', async () => {
    const { url, database } = bench.server;
    const site = await makeSite(database);
    const { visitor, desk, callId, room, visitorTicket } = await connect(url, site);
    const { code } = await offer(visitor);
    const phone = await deviceOf(site);
    const resume = newResume();
    await take(phone, code, resume);
    assert.deepEqual(await visitor.waitForClose(), HANDED_OVER);
    const back = await comeBack(site, resume);
    const ticket = await enter(back);
    assert.equal(ticket.room, room);
    assert.notEqual(ticket.participant, visitorTicket.participant);
    assert.equal(back.view.call?.id, callId);
    assert.equal(back.view.call?.state, 'connected');
    await desk.waitFor((view) => activeLeg(view)?.call.visitorOnline);
    assert.equal(activeLeg(desk.view)?.call.state, 'connected');
    await Promise.all([phone.close(), back.close(), desk.close()]);
  });

  test('a code is used once; only the device that has used it may say so again', async () => {
    const { visitor, site, callId } = await waiting();
    const { code } = await offer(visitor);
    const [phone, other] = [await deviceOf(site), await deviceOf(site)];
    const resume = newResume();
    // Both at the same time: one of them gets it.
    const tokens = [resume, newResume()];
    const outcomes = await Promise.allSettled([
      take(phone, code, tokens[0]),
      take(other, code, tokens[1]),
    ]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const winner = outcomes.findIndex(({ status }) => status === 'fulfilled');
    await assert.rejects(take(other, code), withCode('not-found'));
    await assert.rejects(take(phone, code, tokens[1 - winner]), withCode('not-found'));
    assert.deepEqual(await take(other, code, tokens[winner]), { callId });
    await Promise.all([phone.close(), other.close()]);
  });

  test('a code that is unknown, replaced, expired, or of another site opens nothing', async () => {
    const { visitor, site, database, callId } = await waiting();
    const [phone, stranger] = [
      await deviceOf(site),
      await deviceOf(await makeSite(bench.server.database)),
    ];
    await assert.rejects(take(phone, UNKNOWN), withCode('not-found'));
    const { code: replaced } = await offer(visitor);
    const { code } = await offer(visitor);
    await assert.rejects(take(phone, replaced), withCode('not-found'));
    await assert.rejects(take(stranger, code), withCode('not-found'));
    await database.query('update calls set hand_over_until = now() where id = $1', [callId]);
    await assert.rejects(take(phone, code), withCode('not-found'));
    assert.equal(visitor.closed, null);
    assert.equal(visitor.view.call?.position, 1);
    await Promise.all([visitor.close(), phone.close(), stranger.close()]);
  });

  test('after the end of the call its code opens nothing, and no other is given', async () => {
    const { visitor, site, callId } = await waiting();
    const { code } = await offer(visitor);
    await visitor.command({ type: 'end-call', callId });
    const phone = await deviceOf(site);
    await assert.rejects(take(phone, code), withCode('not-found'));
    await assert.rejects(offer(visitor), withCode('conflict'));
    await Promise.all([visitor.close(), phone.close()]);
  });

  test('a visitor offers nothing but their own call', async () => {
    const { visitor, site, url } = await waiting();
    const phone = await deviceOf(site);
    await assert.rejects(offer(phone), withCode('conflict'), 'without a call');
    const other = await callFrom(url, site);
    const { code } = await offer(other.visitor);
    assert.deepEqual(await take(phone, code), { callId: other.callId });
    assert.equal(visitor.closed, null);
    assert.equal(visitor.view.call?.ended, null);
    await Promise.all([visitor.close(), phone.close(), other.visitor.waitForClose()]);
  });

  test('a token that another call has is refused, and the code still counts', async () => {
    const { visitor, site, url, callId } = await waiting();
    const other = await callFrom(url, site);
    const phone = await deviceOf(site);
    const { code } = await offer(visitor);
    await assert.rejects(take(phone, code, other.resume), withCode('conflict'));
    assert.deepEqual(await take(phone, code), { callId });
    await Promise.all([phone.close(), other.visitor.close()]);
  });

  test('guessing and offering are limited', async () => {
    const { visitor, site } = await waiting();
    const phone = await deviceOf(site);
    for (let i = 0; i < 10; i += 1) {
      await assert.rejects(take(phone, UNKNOWN), withCode('not-found'));
    }
    await assert.rejects(take(phone, UNKNOWN), withCode('rate-limited'));
    for (let i = 0; i < 10; i += 1) await offer(visitor);
    await assert.rejects(offer(visitor), withCode('rate-limited'));
    await Promise.all([visitor.close(), phone.close()]);
  });

  // PGlite has one node.
  if (bench.kind === 'PostgreSQL')
    test('the other device may be on another node', async () => {
      const { visitor, site, callId } = await waiting();
      const { code } = await offer(visitor);
      const second = await startSignalingServer(bench.store);
      const phone = await deviceOf(site, second.url);
      const resume = newResume();
      await take(phone, code, resume);
      assert.deepEqual(await visitor.waitForClose(), HANDED_OVER);
      const back = await comeBack(site, resume, second.url);
      assert.equal(back.view.call?.id, callId);
      await Promise.all([phone.close(), back.close()]);
      await second.stop();
    });
});
