import type {
  AgentView,
  ChatMessage,
  LegCallView,
  LegView,
  Participant,
  RoomView,
  Ticket,
  VisitorCallView,
  VisitorView,
} from '../../src/protocol/views.ts';

export const CALL_ID = '11111111-1111-4111-8111-111111111111';
export const LEG_ID = '22222222-2222-4222-8222-222222222222';
export const ROOM = 4711;

const SKILL = { id: 'after-sales', name: 'After-sales' };
const SITE = { id: 'demo', name: 'Demo', media: 'mesh' } as const;
const VISITOR = { name: 'Vera', verified: false, id: null, params: {}, page: null, language: 'en' };

export function participant(id: string, change: Partial<Participant> = {}): Participant {
  return {
    id,
    name: id.startsWith('agent') ? 'Alice' : 'Vera',
    role: id.startsWith('agent') ? 'agent' : 'visitor',
    verified: id.startsWith('agent'),
    enteredAt: 1_800_000_000_000,
    online: true,
    ...change,
  };
}

export function ticket(id: string, change: Partial<Ticket> = {}): Ticket {
  const { name, role } = participant(id);
  return {
    room: ROOM,
    participant: id,
    name,
    role,
    permissions: { speak: true, show: true, hidden: false },
    media: { provider: 'mesh', iceServers: [] },
    chat: { provider: 'desk', token: `chat-${id}` },
    expiresAt: 1_900_000_000_000,
    ...change,
  };
}

/** A call's room with these participants, without a ticket. */
export function room(ids: readonly string[], change: Partial<RoomView> = {}): RoomView {
  return {
    number: ROOM,
    kind: 'call',
    ticket: null,
    participants: ids.map((id) => participant(id)),
    ...change,
  };
}

export function visitorView(call: Partial<VisitorCallView> | null): VisitorView {
  if (!call) return { role: 'visitor', site: SITE, call: null };
  return {
    role: 'visitor',
    site: SITE,
    call: {
      id: CALL_ID,
      state: 'queued',
      skill: SKILL,
      requestedAt: 1_800_000_000_000,
      position: null,
      estimate: null,
      agentOnline: true,
      agentName: null,
      connectedAt: null,
      rooms: [],
      ended: null,
      ...call,
    },
  };
}

/** A leg in the state `offered`. */
export function leg(change: Partial<LegView> = {}, call: Partial<LegCallView> = {}): LegView {
  return {
    id: LEG_ID,
    kind: 'first',
    state: 'offered',
    owner: true,
    call: {
      id: CALL_ID,
      state: 'offered',
      visitor: VISITOR,
      skill: SKILL,
      requestedAt: 1_800_000_000_000,
      connectedAt: null,
      visitorOnline: true,
      visitorHidden: false,
      ended: null,
      ...call,
    },
    reason: {
      code: 'longest-idle',
      params: {
        ...{
          group: 'After-sales',
          rulesVersion: 1,
          idleSeconds: 60,
          level: 1,
          ring: 0,
          candidates: 1,
        },
        passedOver: [],
      },
    },
    offeredAt: 1_800_000_000_000,
    deadline: 1_800_000_020_000,
    acceptedAt: null,
    wrapUpUntil: null,
    wrapUp: null,
    rooms: [],
    ...change,
  };
}

export function agentView(change: Partial<AgentView> = {}): AgentView {
  return {
    role: 'agent',
    agent: {
      ...{ id: 'a', username: 'alice', name: 'Alice', role: 'agent' },
      ...{ site: SITE, groups: [SKILL] },
    },
    status: 'available',
    statusSince: 1_800_000_000_000,
    statusReason: null,
    chosen: 'available',
    missedInRow: 0,
    activeTab: true,
    tabs: 1,
    legs: [],
    waiting: [],
    queues: [],
    today: {
      ...{
        talked: 0,
        missed: 0,
        declined: 0,
        talkSeconds: 0,
        handlingSeconds: 0,
      },
      calls: [],
    },
    ...change,
  };
}

export function message(sequence: number, from: string, text: string, id?: string): ChatMessage {
  const { name, role } = participant(from);
  const sentAt = 1_800_000_000_000 + sequence;
  return { sequence, id: id ?? `m${sequence}`, from, name, role, sentAt, text, image: null };
}
