import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RoomView, Ticket, View } from '../../../src/protocol/views.ts';
import { issueRoomToken } from '../../../src/server/identity/room-token.ts';
import { createRoom } from '../../../src/server/rooms/create-room.ts';
import { activeLeg } from '../../support/agent-legs.ts';
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

const media = { trtc: true, confirmedByCallback: false };
const HOUR = 60 * 60 * 1000;

function ticketIn({ view }: AgentClient | VisitorClient): Ticket {
  const ticket = roomsOf(view)?.[0]?.ticket;
  assert.ok(ticket);
  return ticket;
}

function roomsOf(view: View): readonly RoomView[] | undefined {
  if (view.role === 'guest') return [view.room];
  return view.role === 'visitor' ? view.call?.rooms : activeLeg(view)?.rooms;
}

/** Resolves to the ticket when it is for the built-in media. */
async function fallenBack(client: AgentClient | VisitorClient): Promise<Ticket> {
  await (client as ProtocolClient).waitFor((view) => {
    const ticket = roomsOf(view)?.[0]?.ticket;
    return ticket?.media.provider === 'mesh' && ticket.chat.provider === 'desk';
  });
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
  const participant = client.view.room.ticket?.participant ?? '';
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
        ['mesh', 'mesh'],
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

    test('a renewed ticket is for the same participant, and signed now', async () => {
      const { url, database } = bench.server;
      const { visitor, desk, room } = await connect(url, await makeSite(database));
      await database.query(
        `update participants set issued_at = issued_at - interval '90 minutes' where room = $1`,
        [room],
      );
      for (const client of [visitor, desk] as ProtocolClient[]) {
        const own = await ticketOf(client as VisitorClient);
        const ticket = await client.command({ type: 'renew-ticket', ...own });
        assert.deepEqual([ticket.room, ticket.participant], [own.room, own.participant]);
        assert.equal(ticket.media.provider === 'trtc' && ticket.media.sdkAppId, TEST_TRTC.sdkAppId);
        const { rows } = await database.query<{ now: number }>(
          'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
        );
        const left = ticket.expiresAt - (rows[0]?.now ?? 0);
        assert.ok(left > 3 * HOUR && left <= 4 * HOUR, `${left} ms left`);
      }
      await Promise.all([visitor.close(), desk.close()]);
    });

    test('nobody renews the ticket, or changes the media, of a participant of somebody else or one that has left', async () => {
      const { url, database } = bench.server;
      const site = await makeSite(database);
      const { visitor, desk, agentTicket, visitorTicket } = await connect(url, site);
      const other = await connect(url, await makeSite(database));
      const tab = await deskOf(url, site.agents[0]);
      for (const type of ['renew-ticket', 'fall-back'] as const) {
        await assert.rejects(visitor.command({ type, ...agentTicket }), withCode('forbidden'));
        await assert.rejects(desk.command({ type, ...visitorTicket }), withCode('forbidden'));
        await assert.rejects(
          other.visitor.command({ type, ...visitorTicket }),
          withCode('forbidden'),
        );
      }
      await assert.rejects(
        tab.command({ type: 'renew-ticket', ...agentTicket }),
        withCode('forbidden'),
      );
      await visitor.command({ type: 'leave-room', ...visitorTicket });
      for (const type of ['renew-ticket', 'fall-back'] as const) {
        await assert.rejects(visitor.command({ type, ...visitorTicket }), withCode('conflict'));
      }
      assert.equal(ticketIn(desk).media.provider, 'trtc');
      await Promise.all(
        [visitor, desk, tab, other.visitor, other.desk].map((client) => client.close()),
      );
    });

    test('a call falls back for both, as the same participants, and an event says so', async () => {
      const { url, database } = bench.server;
      const { visitor, desk, callId, visitorTicket, agentTicket } = await connect(
        url,
        await makeSite(database),
      );
      await visitor.command({ type: 'fall-back', ...visitorTicket });
      assert.equal((await fallenBack(visitor)).participant, visitorTicket.participant);
      assert.equal((await fallenBack(desk)).participant, agentTicket.participant);
      await desk.command({ type: 'fall-back', ...agentTicket });
      assert.equal(activeLeg(desk.view)?.call.state, 'connected');
      const { rows } = await database.query<{ type: string }>(
        'select type from call_events where call_id = $1 order by sequence desc limit 1',
        [callId],
      );
      assert.deepEqual(rows, [{ type: 'media-fell-back' }]);
      await Promise.all([visitor.close(), desk.close()]);
    });

    test('an agent who cannot have TRTC’s media enters by the built-in ones, and then the visitor', async () => {
      const { url, database } = bench.server;
      const site = await makeSite(database);
      const { visitor } = await callFrom(url, site);
      const desk = await deskOf(url, site.agents[0]);
      const own = await accept(desk);
      await desk.command({ type: 'fall-back', ...own });
      await fallenBack(desk);
      await enter(desk);
      await visitor.waitFor(({ call }) => call?.state === 'ready');
      assert.equal(ticketIn(visitor).media.provider, 'mesh');
      await enter(visitor);
      await desk.waitFor((view) => activeLeg(view)?.call.state === 'connected');
      await Promise.all([visitor.close(), desk.close()]);
    });

    test('a site may forbid the fall-back; then the call stays on TRTC', async () => {
      const { url, database } = bench.server;
      const site = await makeSite(database);
      await database.query('update sites set media_fallback = false where id = $1', [site.id]);
      const { visitor, desk, visitorTicket } = await connect(url, site);
      await assert.rejects(
        visitor.command({ type: 'fall-back', ...visitorTicket }),
        withCode('media-blocked'),
      );
      assert.equal(ticketIn(visitor).media.provider, 'trtc');
      await Promise.all([visitor.close(), desk.close()]);
    });

    test('a room with more people than a mesh carries does not fall back; one of six does', async () => {
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
        await client.waitFor(({ room: { ticket } }) => ticket?.media.provider === 'mesh');
      }
      await Promise.all(guests.map(({ client }) => client.close()));
    });
  },
  { media },
);
