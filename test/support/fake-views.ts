import type {
  AgentCallView,
  AgentView,
  ChatMessage,
  OfferView,
  Participant,
  RoomView,
  Ticket,
  VisitorCallView,
  VisitorView,
} from '../../src/protocol/views.ts';

export const CALL_ID = '11111111-1111-4111-8111-111111111111';
export const OFFER_ID = '22222222-2222-4222-8222-222222222222';
export const ROOM = 4711;

const SKILL = { id: 'after-sales', name: 'After-sales' };
const SITE = { id: 'demo', name: 'Demo', media: 'peer' } as const;
const VISITOR = { name: 'Vera', verified: false, id: null, params: {}, page: null, language: 'en' };

export function participant(id: string, change: Partial<Participant> = {}): Participant {
  return {
    id,
    name: id.startsWith('agent') ? 'Alice' : 'Vera',
    role: id.startsWith('agent') ? 'agent' : 'visitor',
    verified: id.startsWith('agent'),
    enteredAt: 1_800_000_000_000,
    online: true,
    readSequence: 0,
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
    media: { provider: 'peer', iceServers: [] },
    chat: { provider: 'desk', token: `chat-${id}` },
    expiresAt: 1_900_000_000_000,
    ...change,
  };
}

export function room(ids: readonly string[], change: Partial<RoomView> = {}): RoomView {
  return {
    number: ROOM,
    participants: ids.map((id) => participant(id)),
    chatSequence: 0,
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
      ticket: null,
      room: null,
      ended: null,
      ...call,
    },
  };
}

export function offer(change: Partial<OfferView> = {}): OfferView {
  return {
    id: OFFER_ID,
    callId: CALL_ID,
    visitor: VISITOR,
    skill: SKILL,
    requestedAt: 1_800_000_000_000,
    offeredAt: 1_800_000_000_000,
    deadline: 1_800_000_020_000,
    why: 'idle longest',
    ...change,
  };
}

export function agentCall(change: Partial<AgentCallView> = {}): AgentCallView {
  return {
    id: CALL_ID,
    state: 'accepted',
    visitor: VISITOR,
    skill: SKILL,
    requestedAt: 1_800_000_000_000,
    acceptedAt: 1_800_000_000_000,
    connectedAt: null,
    visitorOnline: true,
    ticket: null,
    room: room([]),
    ...change,
  };
}

export function agentView(change: Partial<AgentView> = {}): AgentView {
  return {
    role: 'agent',
    agent: { id: 'a', username: 'alice', name: 'Alice', site: SITE, groups: [SKILL] },
    status: 'available',
    statusSince: 1_800_000_000_000,
    missedInRow: 0,
    inCharge: true,
    tabs: 1,
    offer: null,
    call: null,
    wrapUp: null,
    waiting: [],
    today: { talked: 0, missed: 0, declined: 0, averageSeconds: 0, calls: [] },
    ...change,
  };
}

export function message(sequence: number, from: string, text: string, id?: string): ChatMessage {
  const { name, role } = participant(from);
  const sentAt = 1_800_000_000_000 + sequence;
  return { sequence, id: id ?? `m${sequence}`, from, name, role, sentAt, text, image: null };
}
