import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  commandSchemas,
  type CommandBody,
  type CommandType,
} from '../../../src/protocol/client-messages.ts';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import { onBothStores } from '../../support/both-stores.ts';
import type { ProtocolClient } from '../../support/protocol-client.ts';
import { callFrom, connect, deskOf, makeSite, newResume } from '../../support/signaling-server.ts';

/** What is somebody else's. */
interface Foreign {
  readonly callId: string;
  readonly offerId: string;
  readonly room: number;
  readonly agent: string;
  readonly visitor: string;
}

/** A command whose ids are foreign; `does nothing` where it is answered, and touches one's own alone. */
type Attempt = [body: CommandBody, outcome?: 'does nothing'];

interface Attempts {
  /** A visitor of the same site, in the queue. */
  readonly stranger: readonly Attempt[];
  /** An agent of the same groups. */
  readonly rival: readonly Attempt[];
  /** The agent of another site. */
  readonly outsider: readonly Attempt[];
}

const toAll = (...attempts: Attempt[]): Attempts => ({
  stranger: attempts,
  rival: attempts,
  outsider: attempts,
});
const nobody = randomUUID();

/** A command that is not here does not compile, and fails the test besides. */
const attempts: {
  readonly [T in CommandType]: (foreign: Foreign) => Attempts;
} = {
  'request-call': () => {
    const asAgent: Attempt[] = [[{ type: 'request-call', resume: newResume(), params: {} }]];
    // A visitor's own; a resume token of somebody else's is tried out in bad-input.test.ts.
    return { stranger: [], rival: asAgent, outsider: asAgent };
  },
  'end-call': ({ callId }) =>
    toAll([{ type: 'end-call', callId }], [{ type: 'end-call', callId: nobody }]),
  'set-status': () => ({
    stranger: [[{ type: 'set-status', status: 'available' }]],
    // Names nobody: the status that changes is one's own.
    rival: [],
    outsider: [],
  }),
  'accept-offer': ({ offerId }) =>
    toAll([{ type: 'accept-offer', offerId }], [{ type: 'accept-offer', offerId: nobody }]),
  'decline-offer': ({ offerId }) =>
    toAll([{ type: 'decline-offer', offerId }], [{ type: 'decline-offer', offerId: nobody }]),
  'finish-wrap-up': ({ callId }) => ({
    stranger: [[{ type: 'finish-wrap-up', callId }]],
    rival: [[{ type: 'finish-wrap-up', callId }, 'does nothing']],
    outsider: [[{ type: 'finish-wrap-up', callId }, 'does nothing']],
  }),
  'take-charge': () => ({
    stranger: [[{ type: 'take-charge' }]],
    rival: [[{ type: 'take-charge' }, 'does nothing']],
    outsider: [[{ type: 'take-charge' }, 'does nothing']],
  }),
  'enter-room': ({ room, agent, visitor }) =>
    toAll(
      [{ type: 'enter-room', room, participant: agent }],
      [{ type: 'enter-room', room, participant: visitor }],
      [{ type: 'enter-room', room, participant: 'nobody' }],
    ),
  'leave-room': ({ room, agent, visitor }) =>
    toAll(
      [{ type: 'leave-room', room, participant: agent }],
      [{ type: 'leave-room', room, participant: visitor }],
    ),
  'renew-ticket': ({ room, agent, visitor }) =>
    toAll(
      [{ type: 'renew-ticket', room, participant: agent }],
      [{ type: 'renew-ticket', room, participant: visitor }],
    ),
  'fall-back': ({ room, agent, visitor }) =>
    toAll(
      [{ type: 'fall-back', room, participant: agent }],
      [{ type: 'fall-back', room, participant: visitor }],
    ),
  'chat-send': ({ room }) =>
    toAll([{ type: 'chat-send', room, messageId: randomUUID(), text: 'x' }]),
  'chat-history': ({ room }) => toAll([{ type: 'chat-history', room, after: 0 }]),
  'chat-read': ({ room }) => toAll([{ type: 'chat-read', room, sequence: 1 }]),
};

onBothStores((bench) => {
  test('ids of other people’s calls, offers and rooms open nothing, in any command', async () => {
    const { url, database } = bench.server;
    const [site, other] = [await makeSite(database, 2), await makeSite(database)];
    const { visitor, desk, callId, room, agentJoin, visitorJoin } = await connect(url, site);
    const { rows } = await database.query<{ id: string }>(
      'select id from offers where call_id = $1',
      [callId],
    );
    const people = {
      stranger: (await callFrom(url, site)).visitor,
      rival: await deskOf(url, site.agents[1], 'break'),
      outsider: await deskOf(url, other.agents[0], 'break'),
    };
    const foreign: Foreign = {
      callId,
      offerId: rows[0]?.id ?? '',
      room,
      agent: agentJoin.participant,
      visitor: visitorJoin.participant,
    };
    for (const type of Object.keys(commandSchemas) as CommandType[]) {
      for (const [who, tried] of Object.entries(attempts[type](foreign))) {
        const client = people[who as keyof Attempts] as unknown as ProtocolClient;
        for (const [body, outcome] of tried as readonly Attempt[]) {
          const what = `${who}: ${JSON.stringify(body)}`;
          if (outcome === 'does nothing') await client.command(body);
          else
            await assert.rejects(
              client.command(body),
              ({ code }: RtcDeskError) => code === 'forbidden',
              what,
            );
        }
      }
    }
    // Each in the other's place, within one room.
    for (const type of ['enter-room', 'leave-room', 'renew-ticket', 'fall-back'] as const) {
      for (const [client, participant] of [
        [visitor, agentJoin.participant],
        [desk, visitorJoin.participant],
      ] as unknown as [ProtocolClient, string][]) {
        await assert.rejects(
          client.command({ type, room, participant }),
          ({ code }: RtcDeskError) => code === 'forbidden',
          type,
        );
      }
    }

    const messageId = randomUUID();
    await desk.command({ type: 'chat-send', room, messageId, text: 'still here' });
    await visitor.until(() => visitor.chat.length > 0, 'the message');
    assert.deepEqual(
      visitor.chat.map(({ text }) => text),
      ['still here'],
    );
    assert.equal(visitor.view.call?.state, 'connected');
    assert.equal(desk.view.inCharge, true);
    for (const client of [visitor, desk, ...Object.values(people)]) await client.close();
  });
});
