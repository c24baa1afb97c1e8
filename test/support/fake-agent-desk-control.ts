import type {
  AgentDeskControl,
  AgentDeskSnapshot,
  Credentials,
  DeskRecords,
  DispositionChoice,
  PasswordChange,
} from '../../src/call/agent-desk-control.ts';
import type {
  AgentView,
  LegCallView,
  LegView,
  OfferReason,
  PastCall,
  VisitorCard,
  WaitingCallView,
} from '../../src/protocol/views.ts';
import { Store } from '../../src/snapshot/store.ts';
import { ticket } from './fake-views.ts';

const skill = { id: 'after-sales', name: 'After-sales' };

export const visitor: VisitorCard = {
  name: 'Clara Whitfield',
  verified: true,
  id: 'C-1042',
  params: { device: 'METER-0042', fault: 'no-power', customer_no: '1042' },
  paramWords: {
    fault: {
      label: { en: 'Problem', 'zh-CN': '故障' },
      text: { en: 'No power', 'zh-CN': '没电' },
    },
  },
  page: 'https://northlight.example/help/outage',
  language: 'en-GB',
};

export const agentView: AgentView = {
  role: 'agent',
  agent: {
    id: 'agent-1',
    username: 'alice',
    name: 'Alice Chen',
    role: 'agent',
    site: { id: 'demo', name: 'Northlight Power', media: 'mesh' },
    groups: [skill, { id: 'pre-sales', name: 'Pre-sales' }],
  },
  status: 'available',
  statusSince: Date.now() - 65_000,
  statusReason: null,
  chosen: 'available',
  missedInRow: 0,
  activeTab: true,
  tabs: 1,
  legs: [],
  waiting: [],
  queues: [],
  today: {
    ...{ talked: 0, missed: 0, declined: 0, talkSeconds: 0, handlingSeconds: 0 },
    calls: [],
  },
};

type RoutingCode = Exclude<OfferReason['code'], 'transfer'>;

const visitorsCall = (change: Partial<LegCallView>): LegCallView => ({
  id: 'call-1',
  state: 'offered',
  visitor,
  skill,
  requestedAt: Date.now() - 42_000,
  connectedAt: null,
  visitorOnline: true,
  visitorHidden: false,
  ended: null,
  ...change,
});

/** The reason of an offer that the routing rules made. */
export const routingReason = (code: RoutingCode): OfferReason => ({
  code,
  params: {
    group: 'After-sales',
    rulesVersion: 1,
    idleSeconds: 65,
    level: 1,
    ring: 0,
    candidates: 2,
    passedOver: [],
  },
});

/** A leg that rings. */
export function offered(change: Partial<LegView> = {}, ofCall: Partial<LegCallView> = {}): LegView {
  const now = Date.now();
  return {
    id: 'leg-1',
    kind: 'first',
    state: 'offered',
    owner: false,
    call: visitorsCall(ofCall),
    reason: routingReason('longest-idle'),
    offeredAt: now - 3_000,
    deadline: now + 17_000,
    acceptedAt: null,
    wrapUpUntil: null,
    wrapUp: null,
    rooms: [],
    ...change,
  };
}

/** A leg whose agent and visitor are both in the room. */
export function joined(change: Partial<LegView> = {}, ofCall: Partial<LegCallView> = {}): LegView {
  const now = Date.now();
  const rooms = [{ number: 7, kind: 'call', ticket: null, participants: [] }] as const;
  return {
    ...offered(),
    state: 'joined',
    owner: true,
    call: visitorsCall({
      state: 'connected',
      requestedAt: now - 200_000,
      connectedAt: now - 125_000,
      ...ofCall,
    }),
    deadline: null,
    acceptedAt: now - 130_000,
    rooms: [...rooms],
    ...change,
  };
}

export function joinedOnTrtc(): LegView {
  const media = { provider: 'trtc', sdkAppId: 1, userSig: 's', privateMapKey: 'k' } as const;
  const rooms = joined().rooms.map((room) => ({
    ...room,
    ticket: ticket('agent-1', { role: 'agent', media }),
  }));
  return joined({ rooms });
}

/** A leg in wrap-up. */
export function left(change: Partial<LegView> = {}, ofCall: Partial<LegCallView> = {}): LegView {
  const now = Date.now();
  const ended = { reason: 'visitor-ended', at: now - 8_000, seconds: 185 } as const;
  return {
    ...joined(),
    state: 'left',
    call: visitorsCall({ state: 'ended', connectedAt: now - 193_000, ended, ...ofCall }),
    wrapUpUntil: now + 22_000,
    ...change,
  };
}

export function waitingCall(position: number, name: string): WaitingCallView {
  return {
    id: `waiting-${position}`,
    visitor: {
      name,
      verified: false,
      params: { device: 'METER-0042', fault: 'no-power' },
      paramWords: visitor.paramWords!,
    },
    skill,
    requestedAt: Date.now() - 200_000 / position,
    state: position === 1 ? 'offered' : 'queued',
    position,
  };
}

export const busyToday: AgentView['today'] = {
  talked: 2,
  missed: 1,
  declined: 1,
  talkSeconds: 488,
  handlingSeconds: 301,
  calls: [
    ['Clara Whitfield', 'talked', 185],
    ['', 'missed', 0],
    ['王小明', 'talked', 303],
    ['Jonas Berg', 'declined', 0],
    ['Ines', 'withdrawn', 0],
  ].map(([visitorName, outcome, seconds], index) => ({
    id: `past-${index}`,
    visitorName: String(visitorName),
    skill,
    at: Date.now() - index * 900_000,
    outcome: outcome as 'talked',
    reason: null,
    seconds: Number(seconds),
    disposition: outcome === 'talked' ? { en: 'Solved', 'zh-CN': '已解决' } : null,
  })),
};

export const signedOut: AgentDeskSnapshot = {
  state: 'signed-out',
  error: null,
  online: true,
  view: null,
  clockOffset: 0,
  rooms: [],
  room: null,
};

export const pastCall: PastCall = {
  id: 'past-0',
  visitorName: 'Clara Whitfield',
  params: { fault: 'no-power' },
  paramWords: { fault: visitor.paramWords!['fault']! },
  skill,
  agent: 'Bob',
  requestedAt: Date.now() - 86_400_000,
  reason: 'agent-ended',
  seconds: 185,
  disposition: { code: 'solved', label: { en: 'Solved', 'zh-CN': '已解决' } },
  tags: ['meter'],
  notes: [{ agent: 'Bob', text: 'The fuse is new.', savedAt: Date.now() - 86_000_000 }],
};

/** What the fake desk reads. A test changes what it needs. */
export const fakeRecords = (): DeskRecords => ({
  readDispositions: async () => [
    { code: 'solved', label: { en: 'Solved', 'zh-CN': '已解决' } },
    {
      code: 'fault',
      label: { en: 'Fault', 'zh-CN': '故障' },
      children: [{ code: 'fuse', label: { en: 'Fuse', 'zh-CN': '保险丝' } }],
    },
  ],
  readCannedReplies: async () => [],
  readReplyPicture: async () => new Blob(),
  readHistory: async () => [pastCall],
  readPastCall: async () => ({ ...pastCall, recording: null }),
  playRecording: async ({ files }) => files.map(({ part }) => `/recording-${part}.webm`),
  readPastMessages: async () => [],
  readPastPicture: async () => new Blob(),
  readFollowUps: async () => ({ items: [], cursor: null }),
  changeFollowUp: async (followUp) => followUp,
  callBack: async (followUp) => followUp,
});

/**
 * A desk whose state the test sets by `update` or `show`. It records what it was asked, and changes nothing
 * by itself: a test sees an element that shows something new without a new snapshot.
 */
export class FakeAgentDeskControl extends Store<AgentDeskSnapshot> implements AgentDeskControl {
  /** Each request as `name(arguments)`, e.g. `setStatus(break)`. */
  readonly asked: string[] = [];
  /** The next request rejects with this; then it is forgotten. */
  failure: Error | null = null;
  /** Whether the browser still had a session. */
  session = false;

  constructor(change: Partial<AgentDeskSnapshot> = {}) {
    super({ ...signedOut, ...change });
  }

  /** Shows a signed-in desk whose view differs from `agentView` by `change`. */
  show(change: Partial<AgentView> = {}, more: Partial<AgentDeskSnapshot> = {}): void {
    this.update({ state: 'signed-in', view: { ...agentView, ...change }, ...more });
  }

  signIn = (credentials: Credentials) => this.#note('signIn', JSON.stringify(credentials));
  resume = async () => {
    await this.#note('resume');
    return this.session;
  };
  signOut = () => this.#note('signOut');
  changePassword = (change: PasswordChange) => this.#note('changePassword', JSON.stringify(change));
  setStatus = (status: string) => this.#note('setStatus', status);
  accept = () => this.#note('accept');
  decline = () => this.#note('decline');
  endCall = () => this.#note('endCall');
  finishWrapUp = () => this.#note('finishWrapUp');
  extendWrapUp = () => this.#note('extendWrapUp');
  setDisposition = (choice: DispositionChoice) =>
    this.#note('setDisposition', JSON.stringify(choice));
  saveNote = (callId: string, text: string) => this.#note('saveNote', callId, text);
  setTags = (callId: string, tags: readonly string[]) =>
    this.#note('setTags', callId, JSON.stringify(tags));
  changeRecording = (step: string) => this.#note('changeRecording', step);
  records = fakeRecords();
  activateTab = () => this.#note('activateTab');
  sendMediaTo = (room: number) => void this.asked.push(`sendMediaTo(${room})`);
  disconnect = () => void this.asked.push('disconnect()');

  async #note(name: string, ...args: string[]): Promise<void> {
    this.asked.push(`${name}(${args.join(', ')})`);
    const failure = this.failure;
    this.failure = null;
    if (failure) throw failure;
  }
}
