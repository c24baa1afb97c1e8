import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { brokenPromises } from './broken-promises.ts';
import {
  agentView,
  CALL,
  callEvent,
  callView,
  inRoom,
  LEG,
  leg,
  legView,
  message,
  ROOM,
  visitorView,
} from './valid-history.ts';

const LOST = 'no call is lost';
const HANGS = 'nobody waits for ever';
const CAUSE = 'nobody loses a call without a cause';
const OWNER = 'a call has one owner at a time';
const CAPACITY = 'an agent has one active leg at most';
const PRESENT = 'no call is offered to an agent who is gone';
const AGENT_FIRST = 'the agent is in the room before the visitor hears of it';
const PLACES = 'nobody loses their place';
const CHAT = 'an acknowledged message is there once, and in order';
const HOLDS = 'what was acknowledged holds';
const GROWS = 'rev, epoch and event sequence only grow';

describe('the checker', () => {
  it('finds nothing in a history that keeps every promise', () => {
    assert.deepEqual(
      brokenPromises(() => undefined),
      [],
    );
  });

  describe('finds', () => {
    it('a call that was acknowledged and is not stored', () => {
      const breaches = brokenPromises(({ record }) => {
        record.calls = [];
        record.callEvents = [];
      });
      assert.ok(breaches.includes(LOST));
    });

    it('a visitor who asks twice and gets two calls', () => {
      const breaches = brokenPromises((_, added) => {
        added.at(1_020).asks('visitor 0', 2, { type: 'request-call' }, { callId: 'call-2' });
      });
      assert.deepEqual(breaches, [LOST]);
    });

    it('a visitor who comes back and finds no call', () => {
      const breaches = brokenPromises((_, added) => {
        added.at(1_930).sees('visitor 0', 3, 3.5, visitorView(null));
      });
      assert.deepEqual(breaches, [LOST]);
    });

    it('a call that is shown as live after its end', () => {
      const breaches = brokenPromises((_, added) => {
        added.at(2_150).sees('visitor 0', 3, 6, visitorView(callView('queued')));
      });
      assert.ok(breaches.includes(LOST));
    });

    it('a call that never ends', () => {
      const breaches = brokenPromises(({ record }) => {
        record.calls[0]!.state = 'queued';
      });
      assert.ok(breaches.includes(HANGS));
    });

    it('a command that is never answered', () => {
      const breaches = brokenPromises((_, added) => {
        added.at(1_850).asks('agent 0', 1, { type: 'finish-wrap-up', legId: LEG });
        added.at(50_000).sees('agent 0', 1, 9, agentView({}));
      });
      assert.deepEqual(breaches, [HANGS]);
    });

    for (const reason of ['cancelled', 'abandoned', 'agent-gone', 'media-failed']) {
      it(`a call that ended as ${reason} without a cause`, () => {
        const breaches = brokenPromises(({ record }) => {
          record.callEvents[6] = callEvent(7, 'ended', 40_000, { reason });
          record.calls[0]!.endedReason = reason;
        });
        assert.ok(breaches.includes(CAUSE), String(breaches));
      });
    }

    it('a call that ended without a reason', () => {
      const breaches = brokenPromises(({ record }) => {
        record.callEvents[6] = callEvent(7, 'ended', 2_005);
        record.calls[0]!.endedReason = null;
      });
      assert.deepEqual(breaches, [CAUSE]);
    });

    it('a call whose event has another reason than the call', () => {
      const breaches = brokenPromises(({ record }) => {
        record.calls[0]!.endedReason = 'visitor-ended';
      });
      assert.deepEqual(breaches, [CAUSE]);
    });

    for (const [type, reason] of [
      ['offer-missed', 'missed'],
      ['offer-declined', 'declined'],
      ['offer-withdrawn', 'room-not-entered'],
      ['offer-withdrawn', 'agent-unavailable'],
      ['offer-withdrawn', 'an unknown reason'],
    ] as const) {
      it(`a call that was taken from an agent as ${reason} without a cause`, () => {
        const breaches = brokenPromises(({ record, events }) => {
          record.callEvents.splice(
            3,
            4,
            callEvent(4, type, 1_205, { reason }),
            callEvent(5, 'queued', 1_205),
            callEvent(6, 'ended', 2_005, { reason: 'agent-ended' }),
          );
          // Without the agent's choice of a status, which would explain it.
          const chosen = events.findIndex((event) => event.kind === 'command-sent');
          events.splice(chosen, 2);
        });
        assert.ok(breaches.includes(CAUSE), String(breaches));
      });
    }

    it('an accept that was acknowledged to another agent', () => {
      const breaches = brokenPromises(({ record }) => {
        record.legs[0]!.agentId = 'b';
      });
      assert.deepEqual(breaches, [OWNER]);
    });

    it('a call that went from one agent to another without being queued', () => {
      const breaches = brokenPromises(({ record }) => {
        record.callEvents[4] = callEvent(5, 'ready', 1_305, { legId: 'leg-2', agentId: 'b' });
      });
      assert.ok(breaches.includes(OWNER));
    });

    it('a former agent who may still write and enter', () => {
      const breaches = brokenPromises(({ record }, added) => {
        record.legs.push(
          leg('leg-2', 'b', { offeredAt: 1_500, acceptedAt: 1_560, closedAt: 1_600 }),
        );
        const accept = { type: 'accept-offer', legId: 'leg-2' };
        added.at(1_550).asks('agent 1', 9, accept, { callId: CALL, legId: 'leg-2', room: 5 });
      });
      assert.deepEqual(breaches, [OWNER]);
    });

    it('two agents in one room', () => {
      const breaches = brokenPromises((_, added) => {
        const two = [{ role: 'agent' }, { role: 'agent' }];
        const rooms = [{ number: ROOM, participants: two }];
        added.at(1_960).sees('visitor 0', 3, 4.5, visitorView(callView('connected', { rooms })));
      });
      assert.deepEqual(breaches, [OWNER]);
    });

    it('an agent with two active legs, in a sample', () => {
      assert.deepEqual(
        brokenPromises((_, added) => void added.at(1_510).samples('connected', 4, 2)),
        [CAPACITY],
      );
    });

    it('an agent with two active legs, in the tables afterwards', () => {
      const breaches = brokenPromises(({ record }) => {
        record.legs.push(
          leg('leg-2', 'a', { callId: 'call-2', offeredAt: 1_500, closedAt: 1_600 }),
        );
      });
      assert.deepEqual(breaches, [CAPACITY]);
    });

    it('an agent who is rung during a call', () => {
      const breaches = brokenPromises((_, added) => {
        const legs = [
          legView('joined', 'connected', inRoom),
          legView('offered', 'offered', { id: 'leg-2' }),
        ];
        added.at(1_620).sees('agent 0', 1, 8, agentView({ legs }));
      });
      assert.deepEqual(breaches, [CAPACITY]);
    });

    it('a call that is offered to an agent who left long before', () => {
      const breaches = brokenPromises(({ events }, added) => {
        const at = events.findIndex(({ kind }) => kind === 'socket-closed');
        events.splice(at, 0, { kind: 'socket-closed', at: -40_000, who: 'agent 0', socket: 99 });
        events.splice(
          events.findIndex((event) => event.kind === 'hello-sent' && event.who === 'agent 0'),
          2,
        );
        added.at(-60_000).joins('agent 0', 99);
      });
      assert.deepEqual(breaches, [PRESENT]);
    });

    it('a visitor who is shown the room before the agent has entered', () => {
      const breaches = brokenPromises((_, added) => {
        added.at(1_250).sees('visitor 0', 2, 2.5, visitorView(callView('ready', inRoom)));
      });
      assert.deepEqual(breaches, [AGENT_FIRST]);
    });

    it('a room number anywhere in an early view', () => {
      const breaches = brokenPromises((_, added) => {
        const view = visitorView(callView('ringing', { hint: { of: [ROOM] } }));
        added.at(1_250).sees('visitor 0', 2, 2.5, view);
      });
      assert.deepEqual(breaches, [AGENT_FIRST]);
    });

    it('a visitor’s participant that was made before the agent was there', () => {
      const breaches = brokenPromises(({ record }) => {
        record.participants[1]!.issuedAt = 1_206;
      });
      assert.deepEqual(breaches, [AGENT_FIRST]);
    });

    it('a call with another time of request', () => {
      const breaches = brokenPromises((_, added) => {
        const view = visitorView(callView('queued', { requestedAt: 1_700 }));
        added.at(1_060).sees('visitor 0', 2, 1.5, view);
      });
      assert.deepEqual(breaches, [PLACES]);
    });

    it('a queue that is out of order', () => {
      const breaches = brokenPromises(({ record }, added) => {
        const other = { id: 'call-2', epoch: 0, eventCount: 2, requestedAt: 1_020 };
        record.calls.push({ ...record.calls[0]!, ...other });
        record.callEvents.push(
          callEvent(1, 'created', 1_020, { callId: 'call-2' }),
          callEvent(2, 'queued', 1_020, { callId: 'call-2' }),
        );
        const younger = { ...callView('queued'), id: 'call-2', requestedAt: 1_020, position: 1 };
        const older = { ...callView('queued'), position: 2 };
        added.at(1_120).sees('agent 0', 1, 1.5, agentView({ waiting: [younger, older] }));
      });
      assert.deepEqual(breaches, [PLACES]);
    });

    it('a younger call that was served first', () => {
      const breaches = brokenPromises(({ record }, added) => {
        const callId = 'call-0';
        record.calls.push({
          ...record.calls[0]!,
          ...{ id: callId, epoch: 1, eventCount: 3, requestedAt: -9_000, endedReason: 'cancelled' },
        });
        record.callEvents.push(
          callEvent(1, 'created', -9_000, { callId }),
          callEvent(2, 'queued', -9_000, { callId }),
          callEvent(3, 'ended', 9_000, { callId, legId: null, agentId: null, reason: 'cancelled' }),
        );
        added.at(-9_005).joins('visitor 1', 7);
        added.at(-9_001).asks('visitor 1', 7, { type: 'request-call' }, { callId });
        added.at(8_990).asks('visitor 1', 7, { type: 'end-call', callId }, null);
      });
      assert.deepEqual(breaches, [PLACES]);
    });

    it('a message that was acknowledged and is not stored', () => {
      const breaches = brokenPromises(({ record }) => {
        record.messages.pop();
      });
      assert.deepEqual(breaches, [CHAT]);
    });

    it('a message that is stored twice', () => {
      const breaches = brokenPromises(({ record }) => {
        record.messages.push({ room: ROOM, sequence: 3, id: 'm2' });
      });
      assert.deepEqual(breaches, [CHAT]);
    });

    it('messages in another order', () => {
      const breaches = brokenPromises(({ record }) => {
        record.messages = [
          { room: ROOM, sequence: 1, id: 'm2' },
          { room: ROOM, sequence: 2, id: 'm1' },
        ];
      });
      assert.deepEqual(breaches, [CHAT]);
    });

    it('a message that was delivered twice, or left out', () => {
      for (const sequence of [1, 4]) {
        const breaches = brokenPromises(({ record }, added) => {
          if (sequence === 4) {
            record.messages.push({ room: ROOM, sequence: 3, id: 'm3' });
            record.messages.push({ room: ROOM, sequence: 4, id: 'm4' });
          }
          added.at(1_720).hears('agent 0', 1, message(sequence));
        });
        assert.deepEqual(breaches, [CHAT]);
      }
    });

    it('a chat history with a gap', () => {
      const breaches = brokenPromises((_, added) => {
        const readAll = { type: 'chat-history', room: ROOM, after: 0 };
        added.at(2_300).asks('agent 0', 1, readAll, { messages: [message(2)] });
      });
      assert.deepEqual(breaches, [CHAT]);
    });

    it('an end that was acknowledged and came much later', () => {
      const breaches = brokenPromises(({ record }, added) => {
        record.callEvents[6]!.at = 9_000;
        record.legs[0]!.leftAt = 9_000;
        added.at(1_990).asks('visitor 0', 3, { type: 'end-call', callId: CALL }, null);
      });
      assert.deepEqual(breaches, [HOLDS]);
    });

    it('a wrap-up that was finished and goes on', () => {
      const breaches = brokenPromises(({ record }) => {
        record.legs[0]!.state = 'left';
      });
      assert.deepEqual(breaches, [HOLDS]);
    });

    it('an offer that was declined and is not', () => {
      const breaches = brokenPromises((_, added) => {
        added.at(1_150).asks('agent 0', 1, { type: 'decline-offer', legId: LEG }, null);
      });
      assert.deepEqual(breaches, [HOLDS]);
    });

    it('a status that was acknowledged and is not shown', () => {
      const breaches = brokenPromises((_, added) => {
        added.at(2_300).loses('agent 0', 1);
        added.at(2_400).joins('agent 0', 10);
        added.at(2_500).sees('agent 0', 10, 9, agentView({ chosen: 'break' }));
      });
      assert.deepEqual(breaches, [HOLDS]);
    });

    it('an entering that was acknowledged and is not stored', () => {
      const breaches = brokenPromises(({ record }) => {
        record.participants[1]!.enteredAt = null;
      });
      assert.deepEqual(breaches, [HOLDS]);
    });

    it('a rev that does not grow, over two sockets', () => {
      const breaches = brokenPromises((_, added) => {
        const ended = callView('ended', { ended: { reason: 'agent-ended' } });
        added.at(2_160).sees('visitor 0', 3, 4, visitorView(ended));
      });
      assert.deepEqual(breaches, [GROWS]);
    });

    it('an epoch that goes back, and a state that does not belong to its epoch', () => {
      assert.deepEqual(
        brokenPromises((_, added) => void added.at(1_510).samples('ready', 3, 1)),
        [GROWS],
      );
      assert.deepEqual(
        brokenPromises((_, added) => void added.at(1_510).samples('ready', 4, 1)),
        [GROWS],
      );
    });

    it('an event that is missing', () => {
      const breaches = brokenPromises(({ record }) => {
        record.callEvents.splice(5, 1);
      });
      assert.ok(breaches.includes(GROWS));
    });

    it('a change of a call without an event', () => {
      const breaches = brokenPromises(({ record }) => {
        record.calls[0]!.epoch = 6;
      });
      assert.deepEqual(breaches, [GROWS]);
    });
  });
});
