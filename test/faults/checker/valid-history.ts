import type { CommandBody } from '../../../src/protocol/client-messages.ts';
import type { AgentView, ChatMessage, VisitorView } from '../../../src/protocol/views.ts';
import type { Event, FinalRecord, Transition } from './history.ts';

type Mutable<T> = T extends readonly (infer R)[]
  ? Mutable<R>[]
  : T extends object
    ? { -readonly [K in keyof T]: Mutable<T[K]> }
    : T;

/** A history that a test may spoil. */
export interface Story {
  events: Event[];
  record: Mutable<FinalRecord>;
}

export const CALL = 'call-1';
export const ROOM = 700_700;

/** What was seen of a view; only what the rules look at. */
export const visitorView = (call: object | null): VisitorView =>
  ({ role: 'visitor', site: { id: 's', name: 'S' }, call }) as unknown as VisitorView;

export const agentView = (seen: object): AgentView =>
  ({
    role: 'agent',
    chosen: 'available',
    offer: null,
    call: null,
    wrapUp: null,
    waiting: [],
    ...seen,
  }) as unknown as AgentView;

export const callView = (state: string, more: object = {}): object => ({
  id: CALL,
  state,
  skill: { id: 'sales', name: 'Sales' },
  requestedAt: 1_000,
  position: null,
  agentName: null,
  ticket: null,
  room: null,
  ended: null,
  ...more,
});

export const inRoom = { room: { number: ROOM, participants: [] }, ticket: { room: ROOM } };

export const message = (sequence: number): ChatMessage =>
  ({ sequence, id: `m${sequence}` }) as unknown as ChatMessage;

export const step = (
  epoch: number,
  [from, to]: readonly [string | null, string],
  reason: string,
  at: number,
  agentId: string | null = 'a',
  callId = CALL,
): Transition => ({ callId, epoch, from, to, agentId, reason, at });

export const join = (
  id: string,
  role: string,
  issuedAt: number,
  enteredAt: number | null,
  leftAt: number | null,
  room = ROOM,
): Story['record']['joins'][number] => ({
  id,
  callId: CALL,
  room,
  role,
  issuedAt,
  enteredAt,
  leftAt,
});

/** Writes events in the order of their times. */
export class Teller {
  static #commands = 0;
  readonly events: Event[] = [];
  #at = 0;

  at(at: number): this {
    this.#at = at;
    return this;
  }

  joins(who: string, socket: number, resumes = false): this {
    const line = { at: this.#at, who, socket };
    this.events.push(
      { kind: 'greeted', ...line, node: 'north', resumes },
      { kind: 'joined', ...line },
    );
    return this;
  }

  loses(who: string, socket: number): this {
    this.events.push({ kind: 'lost', at: this.#at, who, socket });
    return this;
  }

  /** Sends a command, which is answered 10 ms later; with undefined it never is. */
  asks(who: string, socket: number, body: object, value?: unknown): this {
    Teller.#commands += 1;
    const line = { who, socket, id: `c${Teller.#commands}` };
    this.events.push({ kind: 'sent', at: this.#at, ...line, body: body as CommandBody });
    if (value !== undefined) {
      const answer = { ok: true, value } as const;
      this.events.push({ kind: 'answered', at: this.#at + 10, ...line, answer });
    }
    return this;
  }

  sees(who: string, socket: number, rev: number, view: VisitorView | AgentView): this {
    this.events.push({ kind: 'saw', at: this.#at, who, socket, rev, view });
    return this;
  }

  hears(who: string, socket: number, ...messages: ChatMessage[]): this {
    this.events.push({ kind: 'heard', at: this.#at, who, socket, room: ROOM, messages });
    return this;
  }

  samples(state: string, epoch: number, held: number): this {
    this.events.push({
      kind: 'sampled',
      at: this.#at,
      calls: [{ id: CALL, state, epoch }],
      agents: [{ id: 'a', held, capacity: 1 }],
    });
    return this;
  }

  calms(): this {
    this.events.push({ kind: 'calmed', at: this.#at });
    return this;
  }
}

/** One visitor, one agent, one call from its request to its end, with a word from each. */
export function soundStory(): Story {
  const told = new Teller();
  told
    .at(900)
    .joins('agent 0', 1)
    .asks('agent 0', 1, { type: 'set-status', status: 'available' }, null);
  told.at(950).joins('visitor 0', 2);
  told.at(1_000).asks('visitor 0', 2, { type: 'request-call' }, { callId: CALL });
  told.at(1_050).sees('visitor 0', 2, 1, visitorView(callView('queued', { position: 1 })));
  told.at(1_150).sees('agent 0', 1, 2, agentView({ offer: { id: 'o1', callId: CALL } }));
  told.at(1_160).samples('offered', 1, 1);
  told
    .at(1_200)
    .asks('agent 0', 1, { type: 'accept-offer', offerId: 'o1' }, { callId: CALL, room: ROOM });
  told.at(1_300).asks('agent 0', 1, { type: 'enter-room', room: ROOM, participant: 'pa' }, null);
  told.at(1_400).sees('visitor 0', 2, 3, visitorView(callView('ready', inRoom)));
  told.at(1_450).asks('visitor 0', 2, { type: 'enter-room', room: ROOM, participant: 'pv' }, null);
  told.at(1_500).samples('connected', 4, 1);
  const write = (id: string): object => ({
    type: 'chat-send',
    room: ROOM,
    messageId: id,
    text: id,
  });
  told.at(1_600).asks('visitor 0', 2, write('m1'), message(1)).hears('agent 0', 1, message(1));
  told.at(1_700).asks('agent 0', 1, write('m2'), message(2)).hears('agent 0', 1, message(2));
  told.at(1_800).calms().loses('visitor 0', 2);
  told.at(1_900).joins('visitor 0', 3, true);
  told.at(1_950).sees('visitor 0', 3, 4, visitorView(callView('connected', inRoom)));
  told.at(2_000).asks('agent 0', 1, { type: 'end-call', callId: CALL }, null);
  const ended = callView('ended', { ended: { reason: 'agent-ended' } });
  told.at(2_100).sees('visitor 0', 3, 5, visitorView(ended));
  const messages = [message(1), message(2)];
  told.at(2_200).asks('visitor 0', 3, { type: 'chat-history', room: ROOM, after: 0 }, { messages });
  return {
    events: told.events,
    record: {
      offerSeconds: 5,
      agents: [
        { id: 'a', who: 'agent 0', capacity: 1 },
        { id: 'b', who: 'agent 1', capacity: 1 },
      ],
      calls: [
        {
          id: CALL,
          state: 'ended',
          epoch: 5,
          skill: 'sales',
          requestedAt: 1_000,
          endedReason: 'agent-ended',
        },
      ],
      transitions: [
        step(0, [null, 'queued'], 'requested', 1_005, null),
        step(1, ['queued', 'offered'], 'offered', 1_100),
        step(2, ['offered', 'accepted'], 'accepted', 1_205),
        step(3, ['accepted', 'ready'], 'agent-in-room', 1_305),
        step(4, ['ready', 'connected'], 'visitor-in-room', 1_455),
        step(5, ['connected', 'ended'], 'agent-ended', 2_005),
      ],
      offers: [
        {
          id: 'o1',
          callId: CALL,
          agentId: 'a',
          state: 'accepted',
          offeredAt: 1_100,
          closedAt: 1_205,
        },
      ],
      joins: [join('pa', 'agent', 1_205, 1_305, 2_004), join('pv', 'visitor', 1_305, 1_455, 2_004)],
      messages: [
        { room: ROOM, sequence: 1, id: 'm1' },
        { room: ROOM, sequence: 2, id: 'm2' },
      ],
      nodes: [{ id: 'north', silentFor: 1_200 }],
    },
  };
}
