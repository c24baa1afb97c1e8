import type {
  AgentCallView,
  AgentDeskControl,
  AgentDeskSnapshot,
  AgentView,
  Credentials,
  OfferView,
  VisitorCard,
  WaitingCallView,
  WrapUpView,
} from '../../src/call/agent-desk-control.ts';
import { Store } from '../../src/snapshot/store.ts';
import { ticket } from './fake-views.ts';

const skill = { id: 'after-sales', name: 'After-sales' };

export const visitor: VisitorCard = {
  name: 'Clara Whitfield',
  verified: true,
  id: 'C-1042',
  params: { device: 'METER-0042', fault: 'no-power', customer_no: '1042' },
  page: 'https://northlight.example/help/outage',
  language: 'en-GB',
};

export const agentView: AgentView = {
  role: 'agent',
  agent: {
    id: 'agent-1',
    username: 'alice',
    name: 'Alice Chen',
    site: { id: 'demo', name: 'Northlight Power', media: 'peer' },
    groups: [skill, { id: 'pre-sales', name: 'Pre-sales' }],
  },
  status: 'available',
  statusSince: Date.now() - 65_000,
  chosen: 'available',
  missedInRow: 0,
  inCharge: true,
  tabs: 1,
  offer: null,
  call: null,
  wrapUp: null,
  waiting: [],
  today: { talked: 0, missed: 0, declined: 0, averageSeconds: 0, calls: [] },
};

export function offer(change: Partial<OfferView> = {}): OfferView {
  const now = Date.now();
  return {
    id: 'offer-1',
    callId: 'call-1',
    visitor,
    skill,
    requestedAt: now - 42_000,
    offeredAt: now - 3_000,
    deadline: now + 17_000,
    why: 'You have been free the longest in After-sales.',
    ...change,
  };
}

export function call(change: Partial<AgentCallView> = {}): AgentCallView {
  const now = Date.now();
  return {
    id: 'call-1',
    state: 'connected',
    visitor,
    skill,
    requestedAt: now - 200_000,
    acceptedAt: now - 130_000,
    connectedAt: now - 125_000,
    visitorOnline: true,
    ticket: null,
    room: { number: 7, participants: [], chatSequence: 0 },
    ...change,
  };
}

export function callOnTrtc(): AgentCallView {
  const media = { provider: 'trtc', sdkAppId: 1, userSig: 's', privateMapKey: 'k' } as const;
  return call({ ticket: ticket('agent-1', { role: 'agent', media }) });
}

export function wrapUp(change: Partial<WrapUpView> = {}): WrapUpView {
  const now = Date.now();
  return {
    callId: 'call-1',
    visitor,
    skill,
    room: 7,
    ended: { reason: 'visitor-ended', at: now - 8_000, seconds: 185 },
    until: now + 22_000,
    ...change,
  };
}

export function waitingCall(position: number, name: string): WaitingCallView {
  return {
    id: `waiting-${position}`,
    visitor: { ...visitor, name, verified: false },
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
  averageSeconds: 244,
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
  })),
};

export const signedOut: AgentDeskSnapshot = {
  state: 'signed-out',
  error: null,
  online: true,
  view: null,
  clockOffset: 0,
  room: null,
};

/**
 * A desk whose state the test sets by `update` or `show`, and which writes down what it was asked. It
 * changes nothing by itself: an element that shows something new without a new snapshot is caught.
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
  setStatus = (status: string) => this.#note('setStatus', status);
  accept = () => this.#note('accept');
  decline = () => this.#note('decline');
  endCall = () => this.#note('endCall');
  finishWrapUp = () => this.#note('finishWrapUp');
  takeCharge = () => this.#note('takeCharge');
  disconnect = () => void this.asked.push('disconnect()');

  async #note(name: string, ...args: string[]): Promise<void> {
    this.asked.push(`${name}(${args.join(', ')})`);
    const failure = this.failure;
    this.failure = null;
    if (failure) throw failure;
  }
}
