import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ticket } from '../../../src/protocol/views.ts';
import { issueRoomToken } from '../../../src/server/identity/room-token.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { onBothStores, type ServerOnStore } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import {
  ProtocolClient,
  type AgentClient,
  type VisitorClient,
} from '../../support/protocol-client.ts';
import {
  accept,
  callFrom,
  connect,
  deskOf,
  enter,
  makeSite,
  TEST_KEY,
  ticketOf,
} from '../../support/signaling-server.ts';
import { TEST_TRTC } from '../../support/test-trtc.ts';

const media = { trtc: true, witnessed: false };
const HOUR = 60 * 60 * 1000;

function ticketIn(client: AgentClient | VisitorClient): Ticket {
  const ticket = (client as AgentClient).view.call?.ticket;
  assert.ok(ticket);
  return ticket;
}

/** Resolves to the ticket once it is for the built-in media. */
async function fallenBack(client: AgentClient | VisitorClient): Promise<Ticket> {
  await (client as AgentClient).waitFor(
    ({ call }) => call?.ticket?.media.provider === 'peer' && call.ticket.chat.provider === 'desk',
  );
  return ticketIn(client);
}

async function guestIn(bench: ServerOnStore, room: number, subject: string) {
  const { url } = bench.server;
  const token = await issueRoomToken(TEST_KEY, {
    room,
    subject,
    name: subject,
    verified: true,
    seconds: 60,
  });
  const client = await ProtocolClient.join(url, { role: 'guest', token });
  const { participant } = client.view.ticket;
  await client.command({ type: 'enter-room', room, participant });
  return { client, participant };
}

onBothStores(
  (bench) => {
    test('a call is made for TRTC where the server has its keys, unless its site chose otherwise', async () => {
      const { url, database } = bench.server;
      for (const [chosen, wanted] of [
        ['default', 'trtc'],
        ['trtc', 'trtc'],
        ['peer', 'peer'],
      ] as const) {
        const site = await makeSite(database);
        await database.query('update sites set media = $2 where id = $1', [site.id, chosen]);
        const { visitor, desk } = await connect(url, site);
        assert.equal(visitor.view.site.media, wanted);
        assert.equal(desk.view.agent.site.media, wanted);
        for (const client of [visitor, desk]) {
          const { media, chat } = ticketIn(client);
          assert.equal(media.provider, wanted);
          assert.equal(chat.provider, wanted === 'trtc' ? 'tim' : 'desk');
        }
        await Promise.all([visitor.close(), desk.close()]);
      }
    });

    test('a renewed ticket is of the same join, and signed now', async () => {
      const { url, database } = bench.server;
      const { visitor, desk, room } = await connect(url, await makeSite(database));
      await database.query(
        `update participants set issued_at = issued_at - interval '90 minutes' where room = $1`,
        [room],
      );
      for (const client of [visitor, desk] as ProtocolClient[]) {
        const join = await ticketOf(client as VisitorClient);
        const ticket = await client.command({ type: 'renew-ticket', ...join });
        assert.deepEqual([ticket.room, ticket.participant], [join.room, join.participant]);
        assert.equal(ticket.media.provider === 'trtc' && ticket.media.sdkAppId, TEST_TRTC.sdkAppId);
        const { rows } = await database.query<{ now: number }>(
          'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
        );
        const left = ticket.expiresAt - (rows[0]?.now ?? 0);
        assert.ok(left > 3 * HOUR && left <= 4 * HOUR, `${left} ms left`);
      }
      await Promise.all([visitor.close(), desk.close()]);
    });

    test('nobody renews or changes the media of a join that is not their own, or is over', async () => {
      const { url, database } = bench.server;
      const site = await makeSite(database);
      const { visitor, desk, agentJoin, visitorJoin } = await connect(url, site);
      const other = await connect(url, await makeSite(database));
      const tab = await deskOf(url, site.agents[0]);
      for (const type of ['renew-ticket', 'fall-back'] as const) {
        await assert.rejects(visitor.command({ type, ...agentJoin }), withCode('forbidden'));
        await assert.rejects(desk.command({ type, ...visitorJoin }), withCode('forbidden'));
        await assert.rejects(
          other.visitor.command({ type, ...visitorJoin }),
          withCode('forbidden'),
        );
      }
      await assert.rejects(
        tab.command({ type: 'renew-ticket', ...agentJoin }),
        withCode('forbidden'),
      );
      await visitor.command({ type: 'leave-room', ...visitorJoin });
      for (const type of ['renew-ticket', 'fall-back'] as const) {
        await assert.rejects(visitor.command({ type, ...visitorJoin }), withCode('conflict'));
      }
      assert.equal(ticketIn(desk).media.provider, 'trtc');
      await Promise.all(
        [visitor, desk, tab, other.visitor, other.desk].map((client) => client.close()),
      );
    });

    test('a call falls back for both, in the same joins, and its record says so', async () => {
      const { url, database } = bench.server;
      const { visitor, desk, callId, visitorJoin, agentJoin } = await connect(
        url,
        await makeSite(database),
      );
      await visitor.command({ type: 'fall-back', ...visitorJoin });
      assert.equal((await fallenBack(visitor)).participant, visitorJoin.participant);
      assert.equal((await fallenBack(desk)).participant, agentJoin.participant);
      await desk.command({ type: 'fall-back', ...agentJoin });
      assert.equal(desk.view.call?.state, 'connected');
      const { rows } = await database.query<{ step: string }>(
        `select from_state || ' ' || to_state || ' ' || reason as step
           from call_transitions where call_id = $1 order by epoch desc limit 1`,
        [callId],
      );
      assert.deepEqual(rows, [{ step: 'connected connected media-fell-back' }]);
      await Promise.all([visitor.close(), desk.close()]);
    });

    test('an agent whose media cannot be had goes in by the built-in ones, and the visitor after', async () => {
      const { url, database } = bench.server;
      const site = await makeSite(database);
      const { visitor } = await callFrom(url, site);
      const desk = await deskOf(url, site.agents[0]);
      const join = await accept(desk);
      await desk.command({ type: 'fall-back', ...join });
      await fallenBack(desk);
      await enter(desk);
      await visitor.waitFor(({ call }) => call?.state === 'ready');
      assert.equal(ticketIn(visitor).media.provider, 'peer');
      await enter(visitor);
      await desk.waitFor(({ call }) => call?.state === 'connected');
      await Promise.all([visitor.close(), desk.close()]);
    });

    test('a site may forbid it: then the call stays where it is', async () => {
      const { url, database } = bench.server;
      const site = await makeSite(database);
      await database.query('update sites set media_fallback = false where id = $1', [site.id]);
      const { visitor, desk, visitorJoin } = await connect(url, site);
      await assert.rejects(
        visitor.command({ type: 'fall-back', ...visitorJoin }),
        withCode('media-blocked'),
      );
      assert.equal(ticketIn(visitor).media.provider, 'trtc');
      await Promise.all([visitor.close(), desk.close()]);
    });

    test('a room in which more are than a mesh carries does not fall back; one of six does', async () => {
      const { database } = bench.server;
      const site = await makeSite(database, 0);
      const room = await createRoom(database, { siteId: site.id, media });
      const guests = [];
      for (let i = 0; i < 7; i += 1) guests.push(await guestIn(bench, room, `guest-${i}`));
      const [first, last] = [guests[0], guests[6]];
      assert.ok(first && last);
      const { participant } = first;
      await assert.rejects(
        first.client.command({ type: 'fall-back', room, participant }),
        withCode('room-full'),
      );
      await last.client.command({ type: 'leave-room', room, participant: last.participant });
      await first.client.command({ type: 'fall-back', room, participant });
      for (const { client } of guests.slice(0, 6)) {
        await client.waitFor(({ ticket }) => ticket.media.provider === 'peer');
      }
      await Promise.all(guests.map(({ client }) => client.close()));
    });
  },
  { media },
);
