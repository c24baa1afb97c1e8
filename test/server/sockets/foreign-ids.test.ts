import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import {
  commandSchemas,
  type CommandBody,
  type CommandType,
} from '../../../src/protocol/client-messages.ts';
import { activeLeg } from '../../support/agent-legs.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { guest, roomOf } from '../../support/guest.ts';
import type { ProtocolClient } from '../../support/protocol-client.ts';
import { callFrom, connect, deskOf, makeSite, newResume } from '../../support/signaling-server.ts';

/** The ids of a call in which none of the strangers is. */
interface Foreign {
  readonly callId: string;
  readonly legId: string;
  readonly room: number;
  readonly agent: string;
  readonly visitor: string;
}

/**
 * A command with foreign ids. It is refused with `forbidden` or the given code, or it succeeds and changes nothing of the
 * call.
 */
type Attempt = [body: CommandBody, outcome?: 'does nothing' | 'unauthorized'];

interface Attempts {
  /** A visitor of the same site, in the queue. */
  readonly visitor: readonly Attempt[];
  /** Another agent of the same groups. */
  readonly colleague: readonly Attempt[];
  /** An agent of another site. */
  readonly otherSite: readonly Attempt[];
  /** A guest of another room. */
  readonly guest: readonly Attempt[];
}

const byAll = (...attempts: Attempt[]): Attempts => ({
  visitor: attempts,
  colleague: attempts,
  otherSite: attempts,
  guest: attempts,
});
/** Refused for the roles that have no such command; agents may send it, and it concerns them alone. */
const byOtherRoles = (agents: readonly Attempt[], ...others: Attempt[]): Attempts => ({
  visitor: others,
  colleague: agents,
  otherSite: agents,
  guest: others,
});
const unknown = randomUUID();

/** A command that is missing here does not compile. */
const attempts: {
  readonly [T in CommandType]: (foreign: Foreign) => Attempts;
} = {
  'request-call': () => {
    const attempt: Attempt = [{ type: 'request-call', resume: newResume(), params: {} }];
    // Visitors may ask; a foreign resume token is tried in bad-input.test.ts.
    return { visitor: [], colleague: [attempt], otherSite: [attempt], guest: [attempt] };
  },
  'end-call': ({ callId }) =>
    byAll([{ type: 'end-call', callId }], [{ type: 'end-call', callId: unknown }]),
  'flow-answer': ({ callId }) =>
    byAll(
      [{ type: 'flow-answer', callId, node: 'm', value: 'fault' }],
      [{ type: 'flow-answer', callId: unknown, node: 'm', value: null }],
    ),
  'report-hidden': ({ callId }) =>
    byAll([{ type: 'report-hidden', callId }], [{ type: 'report-hidden', callId: unknown }]),
  // A visitor offers the own call, and takes one with a code only; hand-over.test.ts tries the codes of others.
  'offer-hand-over': () => {
    const attempt: Attempt = [{ type: 'offer-hand-over' }];
    const own: Attempt = [{ type: 'offer-hand-over' }, 'does nothing'];
    return { visitor: [own], colleague: [attempt], otherSite: [attempt], guest: [attempt] };
  },
  'take-hand-over': () => {
    const attempt: Attempt = [
      { type: 'take-hand-over', code: 'A'.repeat(22), resume: newResume() },
    ];
    return { visitor: [], colleague: [attempt], otherSite: [attempt], guest: [attempt] };
  },
  'set-status': () => byOtherRoles([], [{ type: 'set-status', status: 'available' }]),
  'accept-offer': ({ legId }) =>
    byAll([{ type: 'accept-offer', legId }], [{ type: 'accept-offer', legId: unknown }]),
  'decline-offer': ({ legId }) =>
    byAll([{ type: 'decline-offer', legId }], [{ type: 'decline-offer', legId: unknown }]),
  'finish-wrap-up': ({ legId }) =>
    byOtherRoles(
      [[{ type: 'finish-wrap-up', legId }, 'does nothing']],
      [{ type: 'finish-wrap-up', legId }],
    ),
  'extend-wrap-up': ({ legId }) => byAll([{ type: 'extend-wrap-up', legId }]),
  'set-disposition': ({ callId }) =>
    byAll(
      [{ type: 'set-disposition', callId, code: null, note: 'x' }],
      [{ type: 'set-disposition', callId: unknown, code: null }],
    ),
  'save-note': ({ callId }) =>
    byAll(
      [{ type: 'save-note', callId, note: 'x' }],
      [{ type: 'save-note', callId: unknown, note: 'x' }],
    ),
  'set-tags': ({ callId }) =>
    byAll(
      [{ type: 'set-tags', callId, tags: ['x'] }],
      [{ type: 'set-tags', callId: unknown, tags: ['x'] }],
    ),
  // Agents read the tree and the replies of their own site.
  'read-dispositions': () => byOtherRoles([], [{ type: 'read-dispositions' }]),
  'canned-replies': () => byOtherRoles([], [{ type: 'canned-replies' }]),
  'canned-reply-picture': () =>
    byOtherRoles([], [{ type: 'canned-reply-picture', replyId: unknown, offset: 0 }]),
  'visitor-history': ({ callId }) =>
    byAll([{ type: 'visitor-history', callId }], [{ type: 'visitor-history', callId: unknown }]),
  'read-past-call': ({ callId }) =>
    byAll([{ type: 'read-past-call', callId }], [{ type: 'read-past-call', callId: unknown }]),
  // play-recording.test.ts tries those of others.
  'play-recording': () => byAll([{ type: 'play-recording', recordingId: unknown }]),
  'past-messages': ({ callId }) => byAll([{ type: 'past-messages', callId, after: 0 }]),
  'past-picture': ({ callId }) =>
    byAll([{ type: 'past-picture', callId, pictureId: unknown, offset: 0 }]),
  // Agents read the messages of their own groups; follow-ups.test.ts tries those of others.
  'follow-ups': () => byOtherRoles([], [{ type: 'follow-ups' }]),
  'change-follow-up': () =>
    byAll([{ type: 'change-follow-up', followUpId: unknown, version: 'x', handled: true }]),
  'call-back': () => byAll([{ type: 'call-back', followUpId: unknown, version: 'x' }]),
  'activate-tab': () =>
    byOtherRoles([[{ type: 'activate-tab' }, 'does nothing']], [{ type: 'activate-tab' }]),
  'enter-room': ({ room, agent, visitor }) =>
    byAll(
      [{ type: 'enter-room', room, participant: agent }],
      [{ type: 'enter-room', room, participant: visitor }],
      [{ type: 'enter-room', room, participant: 'nobody' }],
    ),
  'report-first-frame': ({ room, visitor }) =>
    byAll([{ type: 'report-first-frame', room, participant: visitor, sincePress: null }]),
  'leave-room': ({ room, agent, visitor }) =>
    byAll(
      [{ type: 'leave-room', room, participant: agent }],
      [{ type: 'leave-room', room, participant: visitor }],
    ),
  'renew-ticket': ({ room, agent, visitor }) =>
    byAll(
      [{ type: 'renew-ticket', room, participant: agent }],
      [{ type: 'renew-ticket', room, participant: visitor }],
    ),
  'renew-token': () =>
    byOtherRoles(
      [[{ type: 'renew-token', token: 'x'.repeat(43) }, 'unauthorized']],
      [{ type: 'renew-token', token: 'x'.repeat(43) }],
    ),
  'fall-back': ({ room, agent, visitor }) =>
    byAll(
      [{ type: 'fall-back', room, participant: agent }],
      [{ type: 'fall-back', room, participant: visitor }],
    ),
  'end-with-callback': ({ room, agent, visitor }) =>
    byAll(
      [{ type: 'end-with-callback', room, participant: agent }],
      [{ type: 'end-with-callback', room, participant: visitor }],
    ),
  'chat-send': ({ room }) =>
    byAll([{ type: 'chat-send', room, messageId: randomUUID(), text: 'x' }]),
  'chat-history': ({ room }) => byAll([{ type: 'chat-history', room, after: 0 }]),
  'chat-read': ({ room }) => byAll([{ type: 'chat-read', room, sequence: 1 }]),
  'change-drawing': ({ room }) =>
    byAll([{ type: 'change-drawing', room, change: { kind: 'clear' } }]),
  'request-device-action': ({ room, visitor }) =>
    byAll([
      {
        type: 'request-device-action',
        ...{ room, to: visitor, requestId: unknown, action: { kind: 'photo' } },
      },
    ]),
  'answer-device-request': ({ room, agent }) =>
    byAll([
      {
        type: 'answer-device-request',
        ...{ room, to: agent, requestId: unknown, answer: 'done' },
      },
    ]),
  'add-caption': ({ room }) =>
    byAll([
      {
        type: 'add-caption',
        ...{ room, captionId: unknown, text: 'Hello', language: 'en', startedAt: 1 },
      },
    ]),
  'start-recording': ({ callId }) => byAll([{ type: 'start-recording', callId }]),
  'pause-recording': ({ callId }) => byAll([{ type: 'pause-recording', callId }]),
  'resume-recording': ({ callId }) => byAll([{ type: 'resume-recording', callId }]),
  'stop-recording': ({ callId }) => byAll([{ type: 'stop-recording', callId }]),
  'recording-failed': ({ callId }) =>
    byAll([{ type: 'recording-failed', callId, reason: 'media' }]),
  'answer-recording': ({ callId }) => byAll([{ type: 'answer-recording', callId, agreed: true }]),
};

onBothStores((bench) => {
  test('no command does anything with the ids of a call in which its sender is not', async () => {
    const { url, database } = bench.server;
    const [site, other] = [await makeSite(database, 2), await makeSite(database)];
    const { visitor, desk, callId, room, agentTicket, visitorTicket } = await connect(url, site);
    const strangers = {
      visitor: (await callFrom(url, site)).visitor,
      colleague: await deskOf(url, site.agents[1], 'break'),
      otherSite: await deskOf(url, other.agents[0], 'break'),
      guest: (await guest(url, await roomOf(bench), 'guest')).client,
    };
    const foreign: Foreign = {
      callId,
      legId: activeLeg(desk.view)?.id ?? '',
      room,
      agent: agentTicket.participant,
      visitor: visitorTicket.participant,
    };
    for (const type of Object.keys(commandSchemas) as CommandType[]) {
      for (const [who, tried] of Object.entries(attempts[type](foreign))) {
        const client = strangers[who as keyof Attempts] as unknown as ProtocolClient;
        for (const [body, outcome] of tried as readonly Attempt[]) {
          const what = `${who}: ${JSON.stringify(body)}`;
          if (outcome === 'does nothing') await client.command(body);
          else await assert.rejects(client.command(body), withCode(outcome ?? 'forbidden'), what);
        }
      }
    }
    // The visitor and the agent of one room with each other's participant.
    for (const type of [
      'enter-room',
      'leave-room',
      'renew-ticket',
      'fall-back',
      'end-with-callback',
    ] as const) {
      for (const [client, participant] of [
        [visitor, agentTicket.participant],
        [desk, visitorTicket.participant],
      ] as unknown as [ProtocolClient, string][]) {
        await assert.rejects(
          client.command({ type, room, participant }),
          withCode('forbidden'),
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
    assert.equal(desk.view.activeTab, true);
    for (const client of [visitor, desk, ...Object.values(strangers)]) await client.close();
  });
});
