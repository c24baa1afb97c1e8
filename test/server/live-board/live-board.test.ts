import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { BoardGroup } from '../../../src/protocol/board-view.ts';
import type { Queryable } from '../../../src/server/database/database.ts';
import { LiveBoard } from '../../../src/server/live-board/live-board.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { makeSite, type TestSite } from '../../support/signaling-server.ts';

/** A call that has ended. Times in seconds after its request. */
interface EndedCall {
  readonly connected?: number;
  readonly ended: number;
  readonly reason?: string;
  /** Seconds before now at which it ended; `yesterday`: before the last midnight of the site. */
  readonly endedAgo: number | 'yesterday';
  readonly group?: string | null;
  /** Of the agent's wrap-up. */
  readonly wrapUp?: number;
}

const ENDED = `
with moment as (
  select case when $5::float8 is null
    then date_trunc('day', now() at time zone s.time_zone) at time zone s.time_zone - interval '1 second'
    else now() - make_interval(secs => $5) end - make_interval(secs => $4::float8) as requested
    from sites s where s.id = $1),
made as (
  insert into calls (site_id, group_id, visitor_name, state, requested_at, connected_at, ended_at, ended_reason)
  select $1, $2, 'Mei', 'ended', m.requested, m.requested + make_interval(secs => $3::float8),
         m.requested + make_interval(secs => $4::float8), $6 from moment m
  returning id, connected_at, ended_at)
insert into legs (call_id, agent_id, site_id, group_id, reason, state, joined_at, left_at, closed_at)
select c.id, $7::uuid, $1, $2, '{}', 'closed', c.connected_at - interval '1 second', c.ended_at,
       c.ended_at + make_interval(secs => $8) from made c where c.connected_at is not null`;

/** The site's noon is now, so that "today" never begins within a test's times. */
const AT_NOON = `
update sites set time_zone = 'Etc/GMT' || case when h >= 12 then '+' else '-' end || abs(h - 12)
  from (select extract(hour from now() at time zone 'UTC')::int as h) t where id = $1`;

async function writeEnded(db: Queryable, site: TestSite, call: EndedCall): Promise<void> {
  const { connected = null, ended, endedAgo, group = 'pre-sales', wrapUp = 0 } = call;
  const reason = call.reason ?? (connected === null ? 'cancelled' : 'visitor-ended');
  const ago = endedAgo === 'yesterday' ? null : endedAgo;
  const agent = site.agents[0]?.id;
  await db.query(ENDED, [site.id, group, connected, ended, ago, reason, agent, wrapUp]);
}

onBothDatabases((test) => {
  describe('the board of a site', () => {
    let site: TestSite;
    let board: LiveBoard;

    beforeEach(async () => {
      site = await makeSite(test.db, 2);
      await test.db.query(AT_NOON, [site.id]);
      board = new LiveBoard(test.db, site.id);
    });

    const group = async (id = 'pre-sales'): Promise<BoardGroup> => {
      const found = (await board.read([]))?.groups.find((one) => one.id === id);
      assert.ok(found);
      return found;
    };
    const set = (text: string, ...values: unknown[]) => test.db.query(text, [site.id, ...values]);
    const live = (state: string, secondsAgo: number, inGroup = 'pre-sales') =>
      test.db.query(
        `insert into calls (site_id, group_id, visitor_name, state, requested_at)
         values ($1, $2, 'Mei', $3, now() - make_interval(secs => $4))`,
        [site.id, inGroup, state, secondsAgo],
      );

    it('adds up a day', async () => {
      const day: EndedCall[] = [
        { connected: 10, ended: 70, wrapUp: 30, endedAgo: 3000 },
        { connected: 20, ended: 140, wrapUp: 0, endedAgo: 2 },
        { connected: 21, ended: 201, wrapUp: 60, endedAgo: 40 },
        { ended: 30, endedAgo: 60 },
        // The visitor left within five seconds.
        { ended: 4, endedAgo: 5 },
        { ended: 4.9, reason: 'abandoned', endedAgo: 500 },
        // The agent's doing, and one that never reached a queue.
        { ended: 40, reason: 'media-failed', endedAgo: 50 },
        { ended: 40, reason: 'flow-ended', group: null, endedAgo: 50 },
        { connected: 1, ended: 1000, endedAgo: 'yesterday' },
        { ended: 100, group: 'after-sales', endedAgo: 30 },
      ];
      for (const call of day) await writeEnded(test.db, site, call);
      const { offered, answered, abandoned, serviceLevel, averageTalk, averageHandling } =
        await group();
      assert.deepEqual(
        { offered, answered, abandoned, serviceLevel, averageTalk, averageHandling },
        // In time 2, of 3 answered and 1 of the 3 abandoned.
        {
          offered: 7,
          answered: 3,
          abandoned: 3,
          serviceLevel: 0.5,
          averageTalk: 120,
          averageHandling: 150,
        },
      );
      assert.equal((await group('after-sales')).abandoned, 1);
    });

    it('reckons the service level by the bounds of the site, as soon as they change', async () => {
      await writeEnded(test.db, site, { connected: 25, ended: 70, endedAgo: 3000 });
      await writeEnded(test.db, site, { ended: 8, endedAgo: 3000 });
      assert.equal((await group()).serviceLevel, 0);
      await set(
        'update sites set service_level_seconds = 25, short_abandon_seconds = 10 where id = $1',
      );
      assert.equal((await group()).serviceLevel, 1);
    });

    it('tells nothing about a group without calls', async () => {
      const { waitingSince, serviceLevel, averageTalk, averageHandling } = await group();
      assert.deepEqual(
        [waitingSince, serviceLevel, averageTalk, averageHandling],
        [null, null, null, null],
      );
    });

    it('counts live calls by state, and the longest wait from the first press', async () => {
      await live('queued', 30);
      await live('queued', 10);
      // It has come back into the queue: `requested_at` is still that of the press.
      await live('offered', 90);
      await set(
        `with flow as (
           insert into flows (site_id, id, name, draft) values ($1, 'help', 'Help', '{}') returning id),
         version as (
           insert into flow_versions (site_id, flow_id, version, document, author)
           select $1, id, 1, '{}', 'Jo' from flow returning id)
         insert into calls (site_id, visitor_name, state, flow_version_id)
         select $1, 'Mei', 'choosing', id from version`,
      );
      await live('queued', 500, 'after-sales');
      const reading = await board.read([]);
      const row = await group();
      assert.deepEqual([row.waiting, row.ringing, row.inCall, row.offered], [2, 1, 0, 3]);
      const seconds = ((reading?.now ?? 0) - (row.waitingSince ?? 0)) / 1000;
      assert.ok(seconds >= 89 && seconds < 300, `${seconds}`);
      assert.equal(reading?.flow.choosing, 1);
    });

    it('counts a call that was answered while it lives, and counts it once when it has ended', async () => {
      await live('queued', 30);
      await set(
        `insert into legs (call_id, agent_id, site_id, group_id, reason, state, accepted_at, joined_at)
         select c.id, $2, $1, 'pre-sales', '{}', 'joined', now(), now() from calls c where c.site_id = $1`,
        site.agents[0]?.id,
      );
      await set(
        `insert into rooms (number, site_id, kind, call_id)
         select 7, $1, 'call', c.id from calls c where c.site_id = $1`,
      );
      await set(
        `update calls c set state = 'connected', connected_at = requested_at + interval '5 seconds', room = 7,
                owner_leg_id = (select l.id from legs l where l.call_id = c.id) where site_id = $1`,
      );
      const { waiting, inCall, offered, answered, serviceLevel } = await group();
      assert.deepEqual([waiting, inCall, offered, answered, serviceLevel], [0, 1, 1, 1, 1]);
      await set(
        `update calls set state = 'ended', ended_at = now(), ended_reason = 'visitor-ended' where site_id = $1`,
      );
      const after = await group();
      assert.deepEqual([after.inCall, after.offered, after.answered], [0, 1, 1]);
    });

    it('counts callbacks until somebody has taken care of them', async () => {
      await writeEnded(test.db, site, { ended: 5, reason: 'callback-requested', endedAgo: 5 });
      await set(
        `insert into follow_ups (site_id, group_id, call_id, kind, contact, text)
         select $1, 'pre-sales', c.id, k, '1', '' from calls c, unnest('{callback,message}'::text[]) k
          where c.site_id = $1`,
      );
      await set(
        `insert into callbacks (id) select id from follow_ups where site_id = $1 and kind = 'callback'`,
      );
      assert.equal((await group()).callbacks, 1);
      // The message is answered by a callback.
      await set(
        `insert into callbacks (id) select id from follow_ups where site_id = $1 and kind = 'message'`,
      );
      assert.equal((await group()).callbacks, 2);
      await set(`update follow_ups set handled_at = now(), handled_by = 'Jo' where site_id = $1`);
      assert.equal((await group()).callbacks, 0);
    });

    it('shows each agent with the state that the desk shows, and offline who has no socket', async () => {
      const [one, two] = site.agents;
      await set(
        `update agents set status = 'break', status_reason = 'Lunch', gone_at = null where site_id = $1 and id = $2`,
        one?.id,
      );
      await set(
        `update agents set status = 'available', gone_at = now() where site_id = $1 and id = $2`,
        two?.id,
      );
      const states = async () =>
        Object.fromEntries(
          ((await board.read([]))?.agents ?? []).map(({ id, status, reason }) => [
            id,
            [status, reason],
          ]),
        );
      assert.deepEqual(await states(), {
        [one!.id]: ['break', 'Lunch'],
        [two!.id]: ['offline', null],
      });
      await set(`update agents set disabled_at = now() where site_id = $1 and id = $2`, two?.id);
      assert.deepEqual(Object.keys(await states()), [one?.id]);
    });

    it('shows nothing of another site', async () => {
      const other = await makeSite(test.db, 1);
      await writeEnded(test.db, other, { connected: 1, ended: 50, endedAgo: 50 });
      await writeEnded(test.db, other, { ended: 50, endedAgo: 1 });
      const reading = await board.read([other.agents[0]!.id]);
      assert.deepEqual(
        reading?.groups.map(({ offered }) => offered),
        [0, 0],
      );
      assert.deepEqual(reading?.agents.length, 2);
      assert.deepEqual(reading?.watchers, []);
    });
  });
});
