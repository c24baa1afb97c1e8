import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brokenPromises } from './broken-promises.ts';
import {
  callEvent,
  leg,
  message,
  participant,
  ROOM,
  type EditableHistory,
} from './valid-history.ts';

const DEAD = 'a dead node is declared dead';
const OWNER = 'a call has one owner at a time';
const CHAT = 'an acknowledged message is there once, and in order';

/** Adds an earlier leg of agent 1, with a room of its own, after which the call was queued again. */
function addFormerLeg({ record }: EditableHistory, leftAt: number | null): void {
  const [created, queued, ...rest] = record.callEvents;
  const former = { legId: 'leg-0', agentId: 'b' };
  record.callEvents = [
    created!,
    queued!,
    callEvent(3, 'offered', 1_010, former),
    callEvent(4, 'accepted', 1_020, former),
    callEvent(5, 'offer-withdrawn', 1_090, { ...former, reason: 'room-not-entered' }),
    callEvent(6, 'queued', 1_090),
    ...rest.map((event) => ({ ...event, sequence: event.sequence + 4 })),
  ];
  record.calls[0]!.epoch += 3;
  record.calls[0]!.eventCount += 4;
  record.legs.push(
    leg('leg-0', 'b', { state: 'withdrawn', offeredAt: 1_010, acceptedAt: 1_020, closedAt: 1_090 }),
  );
  record.participants.push(participant('before', 'agent', 1_019, null, leftAt, ROOM + 1));
}

/** The first message once more, with another sequence in the result. */
const sentAgain = (sequence: number) => ({
  type: 'chat-send',
  room: ROOM,
  messageId: 'm1',
  text: 'm1',
  sequence,
});

describe('the checker finds leftovers:', () => {
  it('a former agent’s participant that had not left at the next accept', () => {
    const withFormerLeg = (leftAt: number | null) =>
      brokenPromises((history) => {
        addFormerLeg(history, leftAt);
        // The samples show the epochs of a call without the former leg.
        history.events = history.events.filter(({ kind }) => kind !== 'sampled');
      });
    assert.ok(!withFormerLeg(1_089).includes(OWNER));
    assert.ok(withFormerLeg(null).includes(OWNER));
    assert.ok(withFormerLeg(1_300).includes(OWNER));
  });

  it('a participant of a call that has ended', () => {
    const breaches = brokenPromises(({ record }) => {
      record.participants[1]!.leftAt = null;
    });
    assert.deepEqual(breaches, [OWNER]);
  });

  it('a dead node that counts as alive', () => {
    const withSilentNode = (silentFor: number, lastEventAt: number) =>
      brokenPromises(({ record }, added) => {
        record.nodes.push({ id: 'east', silentFor });
        added.at(lastEventAt).repairs();
      });
    assert.deepEqual(withSilentNode(40_000, 9_000), [DEAD]);
    assert.deepEqual(withSilentNode(20_000, 9_000), [], 'there is still time to notice it');
    assert.deepEqual(withSilentNode(40_000, 4_000), [], 'the database has just come back');
  });

  it('a message that was sent again and is stored twice, but not one that is stored once', () => {
    const withSecondSend = (sequence: number) =>
      brokenPromises(({ record }, added) => {
        const body = sentAgain(sequence);
        added.at(2_150).asks('visitor 0', 3, body, message(sequence));
        if (sequence !== 1) record.messages.push({ room: ROOM, sequence, id: 'm1' });
      });
    assert.deepEqual(withSecondSend(1), []);
    assert.ok(withSecondSend(3).includes(CHAT));
  });
});
