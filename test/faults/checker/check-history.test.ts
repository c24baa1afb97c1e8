import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { broken } from './broken-promises.ts';
import {
  agentView,
  CALL,
  callView,
  inRoom,
  message,
  ROOM,
  step,
  visitorView,
} from './valid-history.ts';

const LOST = 'no call is lost';
const HANGS = 'nobody waits for ever';
const CAUSE = 'nobody loses a call without a cause';
const OWNER = 'a call has one agent at a time';
const CAPACITY = 'an agent has never more than the capacity allows';
const THERE = 'nobody waits for an agent who is gone';
const AGENT_FIRST = 'the agent is in the room before the visitor hears of it';
const PLACES = 'nobody loses their place';
const CHAT = 'an acknowledged message is there once, and in order';
const HOLDS = 'what was acknowledged holds';
const GROWS = 'epoch and rev only grow';

describe('the checker', () => {
  it('finds nothing where every promise was kept', () => {
    assert.deepEqual(
      broken(() => undefined),
      [],
    );
  });

  describe('catches', () => {
    it('a call that was acknowledged and is nowhere', () => {
      const breaches = broken(({ record }) => {
        record.calls = [];
        record.transitions = [];
      });
      assert.ok(breaches.includes(LOST));
    });

    it('a visitor who asks twice and gets two calls', () => {
      const breaches = broken((_, more) => {
        more.at(1_020).asks('visitor 0', 2, { type: 'request-call' }, { callId: 'call-2' });
      });
      assert.deepEqual(breaches, [LOST]);
    });

    it('a visitor who comes back and finds no call', () => {
      const breaches = broken((_, more) => {
        more.at(1_930).sees('visitor 0', 3, 3.5, visitorView(null));
      });
      assert.deepEqual(breaches, [LOST]);
    });

    it('a call that ended and lives again', () => {
      const breaches = broken((_, more) => {
        more.at(2_150).sees('visitor 0', 3, 6, visitorView(callView('queued')));
      });
      assert.ok(breaches.includes(LOST));
    });

    it('a call that is never over', () => {
      const breaches = broken(({ record }) => {
        record.calls[0]!.state = 'queued';
      });
      assert.ok(breaches.includes(HANGS));
    });

    it('a command that is never answered', () => {
      const breaches = broken((_, more) => {
        more.at(1_850).asks('agent 0', 1, { type: 'finish-wrap-up', callId: CALL });
        more.at(50_000).sees('agent 0', 1, 9, agentView({}));
      });
      assert.deepEqual(breaches, [HANGS]);
    });

    for (const [reason, from] of [
      ['cancelled', 'connected'],
      ['abandoned', 'connected'],
      ['agent-gone', 'connected'],
      ['media-failed', 'connected'],
    ] as const) {
      it(`a call that ended as ${reason} without a cause`, () => {
        const breaches = broken(({ record }) => {
          record.transitions[5] = step(5, [from, 'ended'], reason, 40_000);
        });
        assert.ok(breaches.includes(CAUSE), String(breaches));
      });
    }

    for (const reason of ['missed', 'declined', 'room-not-entered', 'agent-unavailable']) {
      it(`a call that was taken from an agent as ${reason} without a cause`, () => {
        const breaches = broken(({ record, events }) => {
          record.transitions.splice(2, 3, step(2, ['offered', 'queued'], reason, 1_205));
          record.transitions[3] = step(3, ['queued', 'ended'], 'agent-ended', 2_005);
          // An agent who never chose a status, so that none of it was their doing.
          const chosen = events.findIndex((event) => event.kind === 'sent');
          events.splice(chosen, 2);
        });
        assert.ok(breaches.includes(CAUSE), String(breaches));
      });
    }

    it('an accept that was acknowledged to somebody else', () => {
      const breaches = broken(({ record }) => {
        record.offers[0]!.agentId = 'b';
      });
      assert.deepEqual(breaches, [OWNER]);
    });

    it('a call that went from one agent to another without being queued', () => {
      const breaches = broken(({ record }) => {
        record.transitions[3] = step(3, ['accepted', 'ready'], 'agent-in-room', 1_305, 'b');
      });
      assert.ok(breaches.includes(OWNER));
    });

    it('a former agent who still may write and enter', () => {
      const breaches = broken(({ record }, more) => {
        record.offers.push({
          id: 'o2',
          callId: CALL,
          agentId: 'b',
          state: 'accepted',
          offeredAt: 1_500,
          closedAt: 1_560,
        });
        const accept = { type: 'accept-offer', offerId: 'o2' };
        more.at(1_550).asks('agent 1', 9, accept, { callId: CALL, room: 5 });
      });
      assert.deepEqual(breaches, [OWNER]);
    });

    it('two agents in one room', () => {
      const two = [{ role: 'agent' }, { role: 'agent' }];
      const breaches = broken((_, more) => {
        const room = { number: ROOM, participants: two };
        more.at(1_960).sees('visitor 0', 3, 4.5, visitorView(callView('connected', { room })));
      });
      assert.deepEqual(breaches, [OWNER]);
    });

    it('an agent who holds two calls, in the tables', () => {
      assert.deepEqual(
        broken((_, more) => void more.at(1_510).samples('connected', 4, 2)),
        [CAPACITY],
      );
    });

    it('an agent who holds two calls, by the record', () => {
      const breaches = broken(({ record }) => {
        record.transitions.push(
          step(0, [null, 'queued'], 'requested', 1_010, null, 'call-2'),
          step(1, ['queued', 'offered'], 'offered', 1_500, 'a', 'call-2'),
        );
      });
      assert.deepEqual(breaches, [CAPACITY]);
    });

    it('an agent who is rung in the middle of a call', () => {
      const breaches = broken((_, more) => {
        const seen = { offer: { id: 'o2' }, call: callView('connected', inRoom) };
        more.at(1_620).sees('agent 0', 1, 8, agentView(seen));
      });
      assert.deepEqual(breaches, [CAPACITY]);
    });

    it('a call that rings at a desk that was left long before', () => {
      const breaches = broken(({ events }, more) => {
        const at = events.findIndex(({ kind }) => kind === 'lost');
        events.splice(at, 0, { kind: 'lost', at: -40_000, who: 'agent 0', socket: 99 });
        events.splice(
          events.findIndex((event) => event.kind === 'greeted' && event.who === 'agent 0'),
          2,
        );
        more.at(-60_000).joins('agent 0', 99);
      });
      assert.deepEqual(breaches, [THERE]);
    });

    it('a visitor who is shown the room before the agent has entered', () => {
      const breaches = broken((_, more) => {
        more.at(1_250).sees('visitor 0', 2, 2.5, visitorView(callView('ready', inRoom)));
      });
      assert.deepEqual(breaches, [AGENT_FIRST]);
    });

    it('a room number anywhere in an early view', () => {
      const breaches = broken((_, more) => {
        const view = visitorView(callView('ringing', { hint: { of: [ROOM] } }));
        more.at(1_250).sees('visitor 0', 2, 2.5, view);
      });
      assert.deepEqual(breaches, [AGENT_FIRST]);
    });

    it('a visitor’s join that was made before the agent was there', () => {
      const breaches = broken(({ record }) => {
        record.joins[1]!.issuedAt = 1_206;
      });
      assert.deepEqual(breaches, [AGENT_FIRST]);
    });

    it('a call that has lost its age', () => {
      const breaches = broken((_, more) => {
        const view = visitorView(callView('queued', { requestedAt: 1_700 }));
        more.at(1_060).sees('visitor 0', 2, 1.5, view);
      });
      assert.deepEqual(breaches, [PLACES]);
    });

    it('a line that is out of order', () => {
      const breaches = broken(({ record }, more) => {
        record.calls.push({ ...record.calls[0]!, id: 'call-2', epoch: 0, requestedAt: 1_020 });
        record.transitions.push(step(0, [null, 'queued'], 'requested', 1_020, null, 'call-2'));
        const younger = { ...callView('queued'), id: 'call-2', requestedAt: 1_020, position: 1 };
        const older = { ...callView('queued'), position: 2 };
        more.at(1_120).sees('agent 0', 1, 1.5, agentView({ waiting: [younger, older] }));
      });
      assert.deepEqual(breaches, [PLACES]);
    });

    it('a younger call that went first', () => {
      const breaches = broken(({ record }, more) => {
        record.calls.push({ ...record.calls[0]!, id: 'call-0', epoch: 1, requestedAt: -9_000 });
        record.transitions.push(
          step(0, [null, 'queued'], 'requested', -9_000, null, 'call-0'),
          step(1, ['queued', 'ended'], 'cancelled', 9_000, null, 'call-0'),
        );
        more.at(-9_005).joins('visitor 1', 7);
        more.at(-9_001).asks('visitor 1', 7, { type: 'request-call' }, { callId: 'call-0' });
        more.at(8_990).asks('visitor 1', 7, { type: 'end-call', callId: 'call-0' }, null);
      });
      assert.deepEqual(breaches, [PLACES]);
    });

    it('a message that was acknowledged and is gone', () => {
      const breaches = broken(({ record }) => {
        record.messages.pop();
      });
      assert.deepEqual(breaches, [CHAT]);
    });

    it('a message that is kept twice', () => {
      const breaches = broken(({ record }) => {
        record.messages.push({ room: ROOM, sequence: 3, id: 'm2' });
      });
      assert.deepEqual(breaches, [CHAT]);
    });

    it('messages that changed places', () => {
      const breaches = broken(({ record }) => {
        record.messages = [
          { room: ROOM, sequence: 1, id: 'm2' },
          { room: ROOM, sequence: 2, id: 'm1' },
        ];
      });
      assert.deepEqual(breaches, [CHAT]);
    });

    it('a message that was delivered twice, or left out', () => {
      for (const sequence of [1, 4]) {
        const breaches = broken(({ record }, more) => {
          if (sequence === 4) {
            record.messages.push({ room: ROOM, sequence: 3, id: 'm3' });
            record.messages.push({ room: ROOM, sequence: 4, id: 'm4' });
          }
          more.at(1_720).hears('agent 0', 1, message(sequence));
        });
        assert.deepEqual(breaches, [CHAT]);
      }
    });

    it('a conversation that is told with a hole', () => {
      const breaches = broken((_, more) => {
        const messages = [message(2)];
        const ask = { type: 'chat-history', room: ROOM, after: 0 };
        more.at(2_300).asks('agent 0', 1, ask, { messages });
      });
      assert.deepEqual(breaches, [CHAT]);
    });

    it('an end that was acknowledged and did not come about then', () => {
      const breaches = broken(({ record }, more) => {
        record.transitions[5]!.at = 9_000;
        more.at(1_990).asks('visitor 0', 3, { type: 'end-call', callId: CALL }, null);
      });
      assert.deepEqual(breaches, [HOLDS]);
    });

    it('a status that was acknowledged and is forgotten', () => {
      const breaches = broken((_, more) => {
        more.at(2_300).loses('agent 0', 1);
        more.at(2_400).joins('agent 0', 10);
        more.at(2_500).sees('agent 0', 10, 9, agentView({ chosen: 'break' }));
      });
      assert.deepEqual(breaches, [HOLDS]);
    });

    it('an entering that was acknowledged and is not written down', () => {
      const breaches = broken(({ record }) => {
        record.joins[1]!.enteredAt = null;
      });
      assert.deepEqual(breaches, [HOLDS]);
    });

    it('a rev that does not grow, over two sockets', () => {
      const breaches = broken((_, more) => {
        more
          .at(2_160)
          .sees(
            'visitor 0',
            3,
            4,
            visitorView(callView('ended', { ended: { reason: 'agent-ended' } })),
          );
      });
      assert.deepEqual(breaches, [GROWS]);
    });

    it('an epoch that goes back, and a state that is not its epoch’s', () => {
      assert.deepEqual(
        broken((_, more) => void more.at(1_510).samples('ready', 3, 1)),
        [GROWS],
      );
      assert.deepEqual(
        broken((_, more) => void more.at(1_510).samples('ready', 4, 1)),
        [GROWS],
      );
    });

    it('a step that is missing in the record', () => {
      const breaches = broken(({ record }) => {
        record.transitions.splice(4, 1);
        record.transitions[4] = step(5, ['ready', 'ended'], 'agent-ended', 2_005);
      });
      assert.deepEqual(breaches, [GROWS]);
    });
  });
});
