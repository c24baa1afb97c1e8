import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, describe, it } from 'node:test';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import { closeConnection } from '../../../src/server/presence/close-connection.ts';
import { declineOffer } from '../../../src/server/legs/decline-offer.ts';
import { endCall } from '../../../src/server/calls/end-call.ts';
import { requestCall, type CallRequest } from '../../../src/server/calls/request-call.ts';
import type { RetryLaterError } from '../../../src/server/rate-limits/retry-later-error.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { CallWorld } from './call-world.ts';

describe('a request for help', () => {
  onBothDatabases((test) => {
    let world: CallWorld;
    beforeEach(async () => {
      world = await CallWorld.make(test.db, test.nodeId);
    });
    const ask = (request: Partial<CallRequest> = {}) =>
      requestCall(test.db, {
        siteId: 'shop',
        name: 'Mei',
        resumeHash: randomBytes(32),
        ...request,
      });
    const refuses = (code: string, request: Partial<CallRequest> = {}) =>
      assert.rejects(ask(request), { name: 'RtcDeskError', code });

    it('goes to the site’s first group if it names none', async () => {
      const { callId } = await ask();
      const { rows } = await test.db.query('select group_id from calls where id = $1', [callId]);
      assert.deepEqual(rows, [{ group_id: 'sales' }]);
    });

    it('stores what the visitor and the page said, unchanged', async () => {
      const params = { customer: '42', 文字: '你好 "\\ <b>', empty: '' };
      const { callId } = await ask({
        params,
        page: 'https://shop.test/a',
        language: 'zh-CN',
        externalId: 'u1',
      });
      const { rows } = await test.db.query(
        `select c.params, c.page, c.language, v.external_id, v.name
           from calls c join visitors v on v.id = c.visitor_id where c.id = $1`,
        [callId],
      );
      assert.deepEqual(rows, [
        { params, page: 'https://shop.test/a', language: 'zh-CN', external_id: 'u1', name: 'Mei' },
      ]);
    });

    it('keeps the page’s order of the params', async () => {
      const params = { zone: 'c', order: '4711', a: '1', device: 'METER-0042', b: '2' };
      await ask({ params });
      const alice = await world.agent('Alice');
      await world.match();
      const { rows } = await test.db.query<{ params: Record<string, string> }>(
        `select json_build_object('params', c.params) -> 'params' as params
           from calls c join legs l on l.call_id = c.id where l.agent_id = $1`,
        [alice.id],
      );
      assert.deepEqual(Object.keys(rows[0]?.params ?? {}), Object.keys(params));
    });

    it('is refused for an unknown site or skill', async () => {
      await refuses('unknown-site', { siteId: 'nobody' });
      await refuses('unknown-skill', { skill: 'astrology' });
    });

    it('is refused with too many, too large, dangerous or unstorable params', async () => {
      const many = Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`k${i}`, '']));
      const wrong: Record<string, string>[] = [
        many,
        { text: '文'.repeat(1_400) },
        JSON.parse('{"__proto__": "x"}') as Record<string, string>,
        { constructor: 'x' },
        { prototype: 'x' },
        { nul: '\0' },
        { half: '\ud800' },
        { number: 1 as unknown as string },
      ];
      for (const params of wrong) await refuses('invalid-params', { params });
      await refuses('invalid-params', { name: 'M\0ei' });
      const { rowCount } = await test.db.query('select from calls');
      assert.equal(rowCount, 0);
    });

    it('is refused out of hours, by the clock of the hours’ time zone', async () => {
      const { rows } = await test.db.query<{ day: number }>(
        `select extract(isodow from now() at time zone 'Asia/Shanghai')::int as day`,
      );
      const today = rows[0]?.day ?? 0;
      const hours = async (days: number[], from: string, to: string) => {
        const value = { timeZone: 'Asia/Shanghai', open: [{ days, from, to }] };
        await test.db.query(`update hours set schedule = $1`, [JSON.stringify(value)]);
      };
      await test.db.query(
        `insert into hours (site_id, id, name, schedule) select id, 'office', 'Office', '{}' from sites`,
      );
      await test.db.query(`update skill_groups set hours = 'office'`);
      await hours([today], '00:00', '24:00');
      await ask();
      await hours(
        [1, 2, 3, 4, 5, 6, 7].filter((day) => day !== today),
        '00:00',
        '24:00',
      );
      await refuses('out-of-hours');
    });

    it('says when the group opens again', async () => {
      const opensAt = async (time: string, schedule: object): Promise<string | undefined> => {
        const { rows } = await test.db.query<{ at: string | null }>(
          `select to_char(next_change($1, 'UTC', $2) at time zone 'UTC', 'YYYY-MM-DD HH24:MI') as at`,
          [JSON.stringify({ timeZone: 'Asia/Shanghai', ...schedule }), time],
        );
        return rows[0]?.at ?? undefined;
      };
      const office = { open: [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }] };
      // A Friday evening in Shanghai, then its morning.
      assert.equal(await opensAt('2026-11-27T12:00Z', office), '2026-11-30 01:00');
      assert.equal(await opensAt('2026-11-27T00:00Z', office), '2026-11-27 01:00');
      const exceptions = [
        { name: 'Fair', date: '2026-11-28', open: [{ from: '10:00', to: '12:00' }] },
      ];
      assert.equal(
        await opensAt('2026-11-27T12:00Z', { ...office, exceptions }),
        '2026-11-28 02:00',
      );
      assert.equal(await opensAt('2026-11-27T12:00Z', { open: [] }), undefined);

      const tomorrow = `(array[2, 3, 4, 5, 6, 7, 1])[extract(isodow from now() at time zone 'UTC')::int]`;
      await test.db.query(
        `insert into hours (site_id, id, name, schedule)
         select id, 'office', 'Office', json_build_object('timeZone', 'UTC', 'open', json_build_array(json_build_object(
           'days', array[${tomorrow}], 'from', '12:00', 'to', '13:00'))) from sites`,
      );
      await test.db.query(`update skill_groups set hours = 'office'`);
      await assert.rejects(ask(), ({ code, retryAfter }: RetryLaterError) => {
        assert.equal(code, 'out-of-hours');
        return retryAfter > 11 * 3_600 && retryAfter <= 36 * 3_600;
      });
    });

    it('has the priority of its group, unless it brings its own', async () => {
      await test.db.query('update skill_groups set priority = 8');
      const priorities = async () =>
        (await test.db.query('select priority from calls order by priority')).rows;
      await ask();
      await ask({ priority: 2 });
      assert.deepEqual(await priorities(), [{ priority: 2 }, { priority: 8 }]);
    });

    it('is refused when the site’s queue is full', async () => {
      await test.db.query('update sites set queue_limit = 2');
      await ask();
      await ask({ skill: 'service' });
      await refuses('queue-full');
    });

    it('is refused exactly beyond the queue’s limit when many ask at once, on several nodes', async () => {
      const nodes = [test.db, await test.another(), await test.another()];
      // The second has more room than the database has connections, so that requests begin side by side.
      for (const limit of [5, 130]) {
        await test.db.query(
          `update calls set state = 'ended', ended_at = now(), ended_reason = 'cancelled'`,
        );
        await test.db.query('update sites set queue_limit = $1', [limit]);
        const answers = await Promise.allSettled(
          Array.from({ length: limit + 60 }, (_, i) =>
            requestCall(nodes[i % nodes.length] ?? test.db, {
              siteId: 'shop',
              name: 'Mei',
              resumeHash: randomBytes(32),
            }),
          ),
        );
        const refusals = answers.flatMap((answer) =>
          answer.status === 'rejected' ? [(answer.reason as RtcDeskError).code] : [],
        );
        assert.deepEqual(new Set(refusals), new Set(['queue-full']));
        assert.equal(refusals.length, 60);
        const { rowCount } = await test.db.query(`select from calls where state = 'queued'`);
        assert.equal(rowCount, limit);
      }
    });

    it('keeps its place in a full queue when it asks again, and when it comes back from an agent', async () => {
      await test.db.query('update sites set queue_limit = 1');
      const alice = await world.agent('Alice');
      const { callId, resumeHash } = await world.visitor();
      assert.deepEqual(await ask({ resumeHash }), { callId, created: false });
      const [offer] = await world.match();
      await ask();
      await declineOffer(test.db, { legId: offer?.id ?? '', agentId: alice.id });
      assert.equal((await world.call(callId)).state, 'queued');
      await refuses('queue-full');
    });

    it('is refused while its address has too many live calls on this site', async () => {
      await test.db.query('update sites set calls_per_address = 2');
      const addressHash = 9_007_199_254_740_993n;
      const { callId } = await ask({ addressHash });
      await ask({ addressHash, skill: 'service' });
      await refuses('rate-limited', { addressHash });
      await ask({ addressHash: addressHash + 1n });
      await ask();
      await endCall(test.db, { callId, by: { role: 'visitor' } });
      await ask({ addressHash });
      await refuses('rate-limited', { addressHash });
    });

    it('is refused when its address has made too many calls today, also after they ended', async () => {
      await test.db.query('update sites set calls_per_address_per_day = 2');
      const addressHash = 5n;
      for (let i = 0; i < 2; i += 1) {
        const { callId } = await ask({ addressHash });
        await endCall(test.db, { callId, by: { role: 'visitor' } });
        // Ten minutes after the end the call no longer knows its address.
        await test.db.query('update calls set address_hash = null');
      }
      await refuses('rate-limited', { addressHash });
      await ask({ addressHash: 6n });
      await test.db.query('update address_days set day = day - 1');
      await ask({ addressHash });
    });

    it('counts the calls of an address exactly when many ask at once', async () => {
      await test.db.query('update sites set calls_per_address_per_day = 5');
      const other = await test.another();
      const asked = Array.from({ length: 12 }, (_, i) =>
        requestCall(i % 2 ? test.db : other, {
          siteId: 'shop',
          name: 'Mei',
          resumeHash: randomBytes(32),
          addressHash: 5n,
        }),
      );
      const settled = await Promise.allSettled(asked);
      assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 5);
    });

    it('is refused exactly beyond the limit of its address when many ask at once, on several nodes', async () => {
      const nodes = [test.db, await test.another(), await test.another()];
      await test.db.query('update sites set calls_per_address = 5, queue_limit = 12');
      const requests = Array.from({ length: 40 }, (_, i) => ({
        siteId: 'shop',
        name: 'Mei',
        resumeHash: randomBytes(32),
        addressHash: BigInt(i % 2),
      }));
      const answers = await Promise.allSettled(
        requests.map((request, i) => requestCall(nodes[i % nodes.length] ?? test.db, request)),
      );
      const refusals = answers.flatMap((answer) =>
        answer.status === 'rejected' ? [(answer.reason as RtcDeskError).code] : [],
      );
      // A request that is refused for its address takes no place in the queue.
      assert.deepEqual(refusals, Array<string>(30).fill('rate-limited'));
      const { rows } = await test.db.query(
        'select address_hash::int as address, count(*)::int as calls from calls group by 1 order by 1',
      );
      assert.deepEqual(rows, [
        { address: 0, calls: 5 },
        { address: 1, calls: 5 },
      ]);
      await ask();
    });

    it('is refused while no agent is online only if the site wants that', async () => {
      await ask();
      await test.db.query(`update sites set no_agent = 'refuse'`);
      await refuses('no-agent-online');
      const alice = await world.agent('Alice');
      await ask();
      await closeConnection(test.db, alice.tab);
      await refuses('no-agent-online');
    });

    it('finds the same call again by its resume token, also after the end, but not on another site', async () => {
      const { callId, resumeHash } = await world.visitor();
      assert.deepEqual(await ask({ resumeHash }), { callId, created: false });
      await endCall(test.db, { callId, by: { role: 'visitor' } });
      assert.deepEqual(await ask({ resumeHash }), { callId, created: false });
      await test.db.query(`insert into sites (id, name) values ('other', 'Other')`);
      await test.db.query(
        `insert into skill_groups (site_id, id, name) values ('other', 'x', 'X')`,
      );
      await refuses('conflict', { siteId: 'other', resumeHash });
    });

    it('belongs to the socket that it came through, and is refused if that socket is unknown', async () => {
      const { callId, connection } = await world.visitor();
      const { rows } = await test.db.query('select call_id from connections where id = $1', [
        connection,
      ]);
      assert.deepEqual(rows, [{ call_id: callId }]);
      assert.equal((await world.call(callId)).visitor_gone_at, null);
      await refuses('conflict', { connectionId: randomUUID() });
      const unconnected = await ask();
      assert.notEqual((await world.call(unconnected.callId)).visitor_gone_at, null);
    });

    it('is refused on a socket that has another live call, and that call keeps the socket', async () => {
      const { callId, connection: connectionId, resumeHash } = await world.visitor();
      const other = await world.visitor();
      await refuses('conflict', { connectionId });
      await refuses('conflict', { connectionId, resumeHash: other.resumeHash });
      const { rows } = await test.db.query('select call_id from connections where id = $1', [
        connectionId,
      ]);
      assert.deepEqual(rows, [{ call_id: callId }]);
      assert.equal((await test.db.query('select from calls')).rowCount, 2);
      assert.equal((await ask({ connectionId, resumeHash })).callId, callId);
      await endCall(test.db, { callId, by: { role: 'visitor' } });
      assert.notEqual((await ask({ connectionId })).callId, callId);
    });
  });
});
