import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { broken } from './broken-promises.ts';
import { join, message, ROOM, step, type Story } from './valid-history.ts';

const DEAD = 'a dead node is declared dead';
const OWNER = 'a call has one agent at a time';
const CHAT = 'an acknowledged message is there once, and in order';

/** The call was agent 1's before, in a room of its own, and was taken back. */
function takenBack({ record }: Story, leftAt: number | null): void {
  const [asked, ...rest] = record.transitions;
  record.transitions = [
    asked!,
    step(1, ['queued', 'offered'], 'offered', 1_010, 'b'),
    step(2, ['offered', 'accepted'], 'accepted', 1_020, 'b'),
    step(3, ['accepted', 'queued'], 'room-not-entered', 1_090, 'b'),
    ...rest.map((one) => ({ ...one, epoch: one.epoch + 3 })),
  ];
  record.calls[0]!.epoch += 3;
  record.joins.push(join('before', 'agent', 1_019, null, leftAt, ROOM + 1));
}

/** The first message is sent again, and acknowledged as this one. */
const saidAgain = (sequence: number) => ({
  type: 'chat-send',
  room: ROOM,
  messageId: 'm1',
  text: 'm1',
  sequence,
});

describe('the checker finds what was left behind:', () => {
  it('a former agent’s join, and none that was over before the next accept', () => {
    const joinLeft = (leftAt: number | null) =>
      broken((story) => {
        takenBack(story, leftAt);
        // What was seen of epochs is another rule's.
        story.events = story.events.filter(({ kind }) => kind !== 'sampled');
      });
    assert.ok(!joinLeft(1_089).includes(OWNER));
    assert.ok(joinLeft(null).includes(OWNER));
    assert.ok(joinLeft(1_300).includes(OWNER));
  });

  it('a join of a call that has ended', () => {
    const breaches = broken(({ record }) => void (record.joins[1]!.leftAt = null));
    assert.deepEqual(breaches, [OWNER]);
  });

  it('a dead node that counts as alive', () => {
    const silent = (silentFor: number, till: number) =>
      broken(({ record }, more) => {
        record.nodes.push({ id: 'east', silentFor });
        more.at(till).calms();
      });
    assert.deepEqual(silent(40_000, 9_000), [DEAD]);
    assert.deepEqual(silent(20_000, 9_000), [], 'it may not have been noticed yet');
    assert.deepEqual(silent(40_000, 4_000), [], 'nor while the database was away');
  });

  it('a message that was said again and kept twice, and none that was kept once', () => {
    const again = (sequence: number) =>
      broken(({ record }, more) => {
        const body = saidAgain(sequence);
        more.at(2_150).asks('visitor 0', 3, body, message(sequence));
        if (sequence !== 1) record.messages.push({ room: ROOM, sequence, id: 'm1' });
      });
    assert.deepEqual(again(1), []);
    assert.ok(again(3).includes(CHAT));
  });
});
