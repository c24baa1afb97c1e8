import type { CommandBody } from '../../../src/protocol/client-messages.ts';
import type { AgentView, ChatMessage, VisitorView } from '../../../src/protocol/views.ts';
import type { CallEvent, Event, FinalRecord } from './history.ts';

type Mutable<T> = T extends readonly (infer R)[]
  ? Mutable<R>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;

/** A history that a test may change. */
export interface EditableHistory {
  events: Event[];
  record: Mutable<FinalRecord>;
}

export const CALL = 'call-1';
export const LEG = 'leg-1';
export const ROOM = 700_700;

/** A view with the fields that the rules read. */
export const visitorView = (call: object | null): VisitorView =>
  ({ role: 'visitor', site: { id: 's', name: 'S' }, call }) as unknown as VisitorView;

export const agentView = (fields: object): AgentView =>
  ({
    role: 'agent',
    chosen: 'available',
    legs: [],
    waiting: [],
    ...fields,
  }) as unknown as AgentView;

/** The call in a visitor's view, and in the queue of an agent's. */
export const callView = (state: string, fields: object = {}): object => ({
  id: CALL,
  state,
  skill: { id: 'sales', name: 'Sales' },
  requestedAt: 1_000,
  position: null,
  agentName: null,
  rooms: [],
  ended: null,
  ...fields,
});

/** A leg in an agent's view. */
export const legView = (state: string, callState: string, fields: object = {}): object => ({
  id: LEG,
  state,
  call: callView(callState),
  rooms: [],
  ...fields,
});

export const inRoom = {
  rooms: [{ number: ROOM, participants: [], ticket: { room: ROOM } }],
};

export const message = (sequence: number): ChatMessage =>
  ({ sequence, id: `m${sequence}` }) as unknown as ChatMessage;

/** An event of the call. Events of a leg have this leg and agent, unless `fields` names others. */
export const callEvent = (
  sequence: number,
  type: string,
  at: number,
  fields: Partial<CallEvent> = {},
): CallEvent => {
  const ofCall = type === 'created' || type === 'queued';
  return {
    callId: CALL,
    sequence,
    type,
    actor: 'system',
    legId: ofCall ? null : LEG,
    agentId: ofCall ? null : 'a',
    reason: null,
    at,
    ...fields,
  };
};

export const leg = (
  id: string,
  agentId: string,
  fields: Partial<EditableHistory['record']['legs'][number]>,
): EditableHistory['record']['legs'][number] => ({
  id,
  callId: CALL,
  agentId,
  state: 'closed',
  offeredAt: 0,
  acceptedAt: null,
  leftAt: null,
  closedAt: null,
  ...fields,
});

export const participant = (
  id: string,
  role: string,
  issuedAt: number,
  enteredAt: number | null,
  leftAt: number | null,
  room = ROOM,
): EditableHistory['record']['participants'][number] => ({
  id,
  callId: CALL,
  room,
  role,
  issuedAt,
  enteredAt,
  leftAt,
});

/** Adds events at the time that `at` has set. */
export class HistoryBuilder {
  static #commands = 0;
  readonly events: Event[] = [];
  #at = 0;

  at(at: number): this {
    this.#at = at;
    return this;
  }

  joins(who: string, socket: number, resumes = false): this {
    const base = { at: this.#at, who, socket };
    this.events.push(
      { kind: 'hello-sent', ...base, node: 'north', resumes },
      { kind: 'welcomed', ...base },
    );
    return this;
  }

  loses(who: string, socket: number): this {
    this.events.push({ kind: 'socket-closed', at: this.#at, who, socket });
    return this;
  }

  /** Sends a command. The result comes 10 ms later; with the value undefined it never comes. */
  asks(who: string, socket: number, body: object, value?: unknown): this {
    HistoryBuilder.#commands += 1;
    const base = { who, socket, id: `c${HistoryBuilder.#commands}` };
    this.events.push({ kind: 'command-sent', at: this.#at, ...base, body: body as CommandBody });
    if (value !== undefined) {
      const result = { ok: true, value } as const;
      this.events.push({ kind: 'result-received', at: this.#at + 10, ...base, result });
    }
    return this;
  }

  sees(who: string, socket: number, rev: number, view: VisitorView | AgentView): this {
    this.events.push({ kind: 'snapshot-received', at: this.#at, who, socket, rev, view });
    return this;
  }

  hears(who: string, socket: number, ...messages: ChatMessage[]): this {
    this.events.push({ kind: 'chat-received', at: this.#at, who, socket, room: ROOM, messages });
    return this;
  }

  samples(state: string, epoch: number, activeLegs: number): this {
    this.events.push({
      kind: 'sampled',
      at: this.#at,
      calls: [{ id: CALL, state, epoch }],
      agents: [{ id: 'a', activeLegs }],
    });
    return this;
  }

  repairs(): this {
    this.events.push({ kind: 'repaired', at: this.#at });
    return this;
  }
}

/** One visitor, one agent and one call from its request to its end, with a chat message from each. */
export function validHistory(): EditableHistory {
  const builder = new HistoryBuilder();
  builder
    .at(900)
    .joins('agent 0', 1)
    .asks('agent 0', 1, { type: 'set-status', status: 'available' }, null);
  builder.at(950).joins('visitor 0', 2);
  builder.at(1_000).asks('visitor 0', 2, { type: 'request-call' }, { callId: CALL });
  builder.at(1_050).sees('visitor 0', 2, 1, visitorView(callView('queued', { position: 1 })));
  builder.at(1_150).sees('agent 0', 1, 2, agentView({ legs: [legView('offered', 'offered')] }));
  builder.at(1_160).samples('offered', 1, 1);
  const accepted = { callId: CALL, legId: LEG, room: ROOM };
  builder.at(1_200).asks('agent 0', 1, { type: 'accept-offer', legId: LEG }, accepted);
  const entered = { lastSequence: 0, readMarks: [] };
  const enter = (id: string) => ({ type: 'enter-room', room: ROOM, participant: id });
  builder.at(1_300).asks('agent 0', 1, enter('pa'), entered);
  builder.at(1_400).sees('visitor 0', 2, 3, visitorView(callView('ready', inRoom)));
  builder.at(1_450).asks('visitor 0', 2, enter('pv'), entered);
  builder.at(1_500).samples('connected', 4, 1);
  const send = (id: string) => ({ type: 'chat-send', room: ROOM, messageId: id, text: id });
  builder.at(1_600).asks('visitor 0', 2, send('m1'), message(1)).hears('agent 0', 1, message(1));
  builder.at(1_700).asks('agent 0', 1, send('m2'), message(2)).hears('agent 0', 1, message(2));
  builder.at(1_800).repairs().loses('visitor 0', 2);
  builder.at(1_900).joins('visitor 0', 3, true);
  builder.at(1_950).sees('visitor 0', 3, 4, visitorView(callView('connected', inRoom)));
  builder.at(2_000).asks('agent 0', 1, { type: 'end-call', callId: CALL }, null);
  const ended = callView('ended', { ended: { reason: 'agent-ended' } });
  builder.at(2_100).sees('visitor 0', 3, 5, visitorView(ended));
  builder.at(2_150).asks('agent 0', 1, { type: 'finish-wrap-up', legId: LEG }, null);
  const messages = [message(1), message(2)];
  const readAll = { type: 'chat-history', room: ROOM, after: 0 };
  builder.at(2_200).asks('visitor 0', 3, readAll, { messages });
  return {
    events: builder.events,
    record: {
      offerSeconds: 5,
      agents: [
        { id: 'a', who: 'agent 0' },
        { id: 'b', who: 'agent 1' },
      ],
      calls: [
        {
          id: CALL,
          state: 'ended',
          epoch: 5,
          eventCount: 7,
          group: 'sales',
          requestedAt: 1_000,
          endedReason: 'agent-ended',
        },
      ],
      callEvents: [
        callEvent(1, 'created', 1_005, { actor: 'visitor' }),
        callEvent(2, 'queued', 1_005, { actor: 'visitor' }),
        callEvent(3, 'offered', 1_100),
        callEvent(4, 'accepted', 1_205, { actor: 'agent' }),
        callEvent(5, 'ready', 1_305, { actor: 'agent' }),
        callEvent(6, 'connected', 1_455, { actor: 'visitor', legId: null, agentId: null }),
        callEvent(7, 'ended', 2_005, { actor: 'agent', reason: 'agent-ended' }),
      ],
      legs: [
        leg(LEG, 'a', { offeredAt: 1_100, acceptedAt: 1_205, leftAt: 2_005, closedAt: 2_155 }),
      ],
      participants: [
        participant('pa', 'agent', 1_205, 1_305, 2_004),
        participant('pv', 'visitor', 1_305, 1_455, 2_004),
      ],
      messages: [
        { room: ROOM, sequence: 1, id: 'm1' },
        { room: ROOM, sequence: 2, id: 'm2' },
      ],
      nodes: [{ id: 'north', silentFor: 1_200 }],
    },
  };
}
