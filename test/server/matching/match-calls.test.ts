import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import { matchCalls } from '../../../src/server/matching/match-calls.ts';
import { sitesWithQueuedCalls } from '../../../src/server/matching/sites-with-queued-calls.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { QueueWorld } from './queue-world.ts';

describe('the matching of a site', () => {
  onBothDatabases((test) => {
    let world: QueueWorld;
    beforeEach(async () => {
      world = await QueueWorld.make(test.db);
    });
    const run = async (db = test.db, site = 'shop') => (await matchCalls(db, site)).matched;

    it('offers the calls in their order to the agents in theirs', async () => {
      await world.call('Old', { waited: 30 });
      await world.call('Young', { waited: 10 });
      await world.call('Urgent', { priority: 7 });
      await world.call('Youngest');
      await world.agent('Second', { levels: { sales: 2 }, idle: 60 });
      await world.agent('Best', { idle: 5 });
      await world.agent('Idle', { idle: 50 });
      assert.equal(await run(), 3);
      assert.deepEqual(await world.offers(), ['Urgent→Idle', 'Old→Best', 'Young→Second']);
    });

    it('writes the offer as a leg with deadline and reason, moves the call, and logs it', async () => {
      await world.call('Mei', { waited: 1 });
      await world.agent('Alice', { levels: { sales: 2 }, idle: 90 });
      await run();
      const { rows: calls } = await test.db.query(
        'select state, epoch, event_count, owner_leg_id, room from calls',
      );
      assert.deepEqual(calls, [
        { state: 'offered', epoch: 1, event_count: 1, owner_leg_id: null, room: null },
      ]);
      const { rows: legs } = await test.db.query(
        `select kind, state, group_id, from_leg_id,
                round(extract(epoch from deadline - offered_at))::int as seconds from legs`,
      );
      assert.deepEqual(legs, [
        { kind: 'first', state: 'offered', group_id: 'sales', from_leg_id: null, seconds: 20 },
      ]);
      const [offer] = await world.offerRows();
      assert.equal(offer?.reason.code, 'only-one-free');
      assert.deepEqual(offer.reason.params, {
        group: 'Sales',
        rulesVersion: 1,
        idleSeconds: 90,
        level: 2,
        ring: 0,
        candidates: 1,
        passedOver: [],
      });
      const { rows: events } = await test.db.query<{ data: object }>(
        `select e.sequence, e.type, e.actor, l.state, a.name, e.data
           from call_events e join legs l on l.id = e.leg_id join agents a on a.id = e.agent_id`,
      );
      assert.deepEqual(events, [
        {
          sequence: 1,
          type: 'offered',
          actor: 'system',
          state: 'offered',
          name: 'Alice',
          data: { kind: 'first', reason: offer.reason },
        },
      ]);
    });

    it('offers nothing to an agent who is not available, disabled, not connected, or on a dead node', async () => {
      await world.call('Mei');
      await world.agent('Away', { status: 'away' });
      await world.agent('On break', { status: 'break' });
      await world.agent('Offline', { status: 'offline' });
      await world.agent('Unconnected', { online: false });
      const disabled = await world.agent('Disabled');
      await test.db.query('update agents set disabled_at = now() where id = $1', [disabled]);
      await world.agent('Of a dead node', { online: false });
      const node = randomUUID();
      await test.db.query(
        `insert into nodes (id, heartbeat_at) values ($1, now() - interval '11 seconds')`,
        [node],
      );
      await world.connect('Of a dead node', node);
      assert.equal(await run(), 0);
      await test.db.query('update nodes set heartbeat_at = now() where id = $1', [node]);
      assert.equal(await run(), 1);
      assert.deepEqual(await world.offers(), ['Mei→Of a dead node']);
    });

    it('offers nothing to an agent with an active leg, or in wrap-up; a monitor leg does not count', async () => {
      await world.call('Other', { group: 'service' });
      for (const state of ['offered', 'accepted', 'joined', 'left']) {
        await world.agent(state);
        // A second offer of one call is refused, so that each leg has a call of its own.
        await world.call(`of ${state}`, { group: 'service' });
        await world.leg(`of ${state}`, state, state);
      }
      await world.call('Mei');
      assert.equal(await run(), 0);
      await world.agent('Monitoring');
      await world.leg('Other', 'Monitoring', 'joined', { kind: 'monitor' });
      assert.equal(await run(), 1);
      assert.deepEqual(await world.offers(), ['Mei→Monitoring']);
    });

    it('offers a call to an agent whose wrap-up is over, though nobody has closed it yet', async () => {
      await world.call('Earlier', { group: 'service' });
      await world.agent('Alice');
      await world.leg('Earlier', 'Alice', 'left', { wrapUp: -1 });
      await world.call('Mei');
      assert.equal(await run(), 1);
    });

    it('offers a declined call to another agent, and again to the first one after 60 s', async () => {
      await world.call('Mei', { waited: 70 });
      await world.agent('Alice', { idle: 90 });
      await world.leg('Mei', 'Alice', 'declined', { secondsAgo: 55 });
      assert.equal(await run(), 0);
      await test.db.query(`update legs set closed_at = closed_at - interval '5 seconds'`);
      assert.equal(await run(), 1);
      assert.equal((await world.offerRows())[0]?.reason.code, 'after-refusals');
    });

    it('widens the pool by the rules of the call’s group; the offer is made through the further group', async () => {
      await world.rules('sales', { rings: [{ afterSeconds: 30, groups: ['service'] }] });
      await test.db.query(`update skill_groups set rules_version = 7 where id = 'sales'`);
      await world.agent('Alice', { levels: { service: 1 } });
      await world.call('Mei', { waited: 20 });
      assert.equal(await run(), 0);
      await world.call('Lin', { waited: 31 });
      assert.equal(await run(), 1);
      const [offer] = await world.offerRows();
      assert.deepEqual(
        [offer?.call, offer?.group_id, offer?.reason.params.group],
        ['Lin', 'service', 'After-sales'],
      );
      // The further group has version 1.
      assert.ok(offer && 'rulesVersion' in offer.reason.params);
      assert.equal(offer.reason.params.rulesVersion, 7);
      const { rows } = await test.db.query<{ group_id: string }>(
        `select group_id from calls where state = 'offered'`,
      );
      assert.deepEqual(rows, [{ group_id: 'sales' }]);
    });

    it('waits for the visitor’s last agent while busy, and prefers that agent afterwards', async () => {
      await world.rules('sales', { preferLast: { seconds: 60 } });
      await world.agent('Alice', { idle: 90 });
      await world.agent('Last', { levels: { sales: 5 } });
      await world.call('Before', { visitor: 'mei', waited: 900 });
      await world.talked('Before', 'Last');
      await world.call('Other', { group: 'service' });
      await world.leg('Other', 'Last', 'joined');
      await world.call('Again', { visitor: 'mei', waited: 10 });
      assert.equal(await run(), 0);
      await test.db.query(
        `update legs set state = 'closed', closed_at = now() where state = 'joined'`,
      );
      assert.equal(await run(), 1);
      assert.deepEqual(await world.offers(), ['Again→Last']);
      assert.equal((await world.offerRows())[0]?.reason.code, 'last-agent');
    });

    it('finds a call behind many that its free agent may not take', async () => {
      await world.agent('Alice');
      for (let i = 0; i < 70; i += 1) {
        await world.call(`refused ${i}`, { waited: 100 });
        await world.leg(`refused ${i}`, 'Alice', 'declined');
      }
      await world.call('Mei');
      assert.deepEqual(await matchCalls(test.db, 'shop'), { matched: 1, more: false });
      assert.deepEqual(await world.offers(), ['Mei→Alice']);
    });

    it('says that another run may offer more if it has not read the whole queue', async () => {
      for (let i = 0; i < 66; i += 1) {
        await world.call(`${i}`);
        await world.agent(`agent ${i}`);
      }
      assert.deepEqual(await matchCalls(test.db, 'shop'), { matched: 64, more: true });
      assert.deepEqual(await matchCalls(test.db, 'shop'), { matched: 2, more: false });
      assert.deepEqual(await matchCalls(test.db, 'shop'), { matched: 0, more: false });
    });

    it('reads an urgent call behind a long queue of others', async () => {
      for (let i = 0; i < 66; i += 1) await world.call(`${i}`, { waited: 100 });
      await world.call('Urgent', { priority: 6 });
      await world.agent('Alice');
      assert.equal(await run(), 1);
      assert.deepEqual(await world.offers(), ['Urgent→Alice']);
    });

    it('wakes those who see the call, its queue and the agent', async () => {
      const callId = await world.call('Mei');
      const agentId = await world.agent('Alice');
      const expected = [`call:${callId}`, `agent:${agentId}`, 'group:shop/sales'] as const;
      const woken = new Set<string>();
      const stop = test.db.wake.listen((topics) => {
        if (topics !== 'everything') for (const topic of topics) woken.add(topic);
      });
      await run();
      await waitUntil('all of them are woken', () => expected.every((topic) => woken.has(topic)));
      stop();
    });

    it('knows the sites where a call waits', async () => {
      const other = await QueueWorld.make(test.db, 'other');
      const third = await QueueWorld.make(test.db, 'third');
      await world.call('Mei');
      await third.call('Lin');
      assert.deepEqual(await sitesWithQueuedCalls(test.db), ['shop', 'third']);
      await world.agent('Alice');
      await other.agent('Bob');
      await run();
      assert.deepEqual(await sitesWithQueuedCalls(test.db), ['third']);
    });

    it('runs on several nodes at once: each call is offered once, to one agent each, the oldest first', async () => {
      for (let i = 0; i < 20; i += 1) await world.call(`${i + 10}`, { waited: 100 - i });
      for (let i = 0; i < 15; i += 1) await world.agent(`agent ${i}`);
      const other = await test.another();
      const matched = await Promise.all(
        [test.db, other, test.db, other, test.db].map((db) => run(db)),
      );
      assert.equal(
        matched.reduce((sum, one) => sum + one, 0),
        15,
      );
      const offers = await world.offerRows();
      assert.equal(new Set(offers.map(({ agent }) => agent)).size, 15);
      assert.deepEqual(
        offers.map(({ call }) => call),
        Array.from({ length: 15 }, (_, i) => `${i + 10}`),
      );
    });
  });
});
