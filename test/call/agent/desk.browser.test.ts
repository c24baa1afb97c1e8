import { expect } from '@open-wc/testing';
import { AgentDesk } from '../../../src/call/agent/desk.ts';
import { AgentSessionStore } from '../../../src/call/agent/session-store.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { AgentView } from '../../../src/protocol/views.ts';
import { codeOf } from '../../support/error-code.ts';
import { FakeCall } from '../../support/fake-call.ts';
import { settle } from '../../support/fake-clock.ts';
import {
  agentCall,
  agentView,
  CALL_ID,
  message,
  offer,
  OFFER_ID,
  room,
  ROOM,
  ticket,
} from '../../support/fake-views.ts';
import { forgetStorage } from '../../support/forget-storage.ts';

const SERVER = 'https://desk.example.com';

function jwt(sub: string, n: number): string {
  return `h.${btoa(JSON.stringify({ iss: 'demo', sub, n }))}.s`;
}

describe('AgentDesk', () => {
  const realFetch = window.fetch;
  let fake: FakeCall;
  let desk: AgentDesk;
  let requests: { path: string; method: string; body: unknown; bearer: string | null }[];
  let answer: () => Response;

  beforeEach(() => {
    fake = new FakeCall();
    fake.server.view = agentView();
    desk = new AgentDesk({ server: SERVER }, fake.parts);
    requests = [];
    answer = () => Response.json({ token: 'session-1', expiresAt: 1_800_000_900_000 });
    window.fetch = async (input, init) => {
      const headers = new Headers(init?.headers);
      requests.push({
        path: new URL(String(input)).pathname,
        method: init?.method ?? 'GET',
        body: init?.body ? JSON.parse(String(init.body)) : null,
        bearer: headers.get('authorization'),
      });
      return answer();
    };
  });

  afterEach(async () => {
    desk.disconnect();
    await settle();
    expect(fake.leftovers).to.deep.equal([]);
    window.fetch = realFetch;
    forgetStorage('rtc-desk:agent:');
  });

  const snapshot = () => desk.getSnapshot();
  const show = async (change: Partial<AgentView>) => {
    fake.server.show(agentView(change));
    await settle();
  };
  const signIn = async () => {
    await desk.signIn({ token: jwt('alice', 1) });
    await settle();
  };
  const ACCEPTED = agentCall({ ticket: ticket('agent-1') });
  const CONNECTED = agentCall({
    state: 'connected',
    connectedAt: 1_800_000_001_000,
    ticket: ticket('agent-1'),
    room: room(['agent-1', 'visitor-1']),
  });

  it('signs in with a password, and is signed in when the first view is there', async () => {
    const signedIn = desk.signIn({ username: 'alice', password: 'demo' });
    expect(snapshot().state).to.equal('signing-in');
    await signedIn;
    expect(requests[0]).to.deep.equal({
      path: '/api/v1/agent-sessions',
      method: 'POST',
      body: { username: 'alice', password: 'demo' },
      bearer: null,
    });
    expect(fake.server.hellos[0]).to.include({ role: 'agent', token: 'session-1', fresh: true });
    expect(snapshot()).to.include({ state: 'signed-in', online: true, error: null });
    expect(snapshot().view?.agent.name).to.equal('Alice');
  });

  it('loads ahead what the call’s media need while it rings, and not before', async () => {
    const view = agentView();
    const agent = { ...view.agent, site: { ...view.agent.site, media: 'trtc' as const } };
    await signIn();
    await show({ agent });
    expect(fake.preloads).to.deep.equal([]);
    await show({ agent, offer: offer() });
    expect([...new Set(fake.preloads)]).to.deep.equal(['trtc']);
  });

  for (const [status, body, code] of [
    [401, { code: 'unauthorized', message: '' }, 'unauthorized'],
    [429, {}, 'rate-limited'],
    [502, null, 'server-error'],
  ] as const) {
    it(`says ${code} of an answer ${status} to the password`, async () => {
      answer = () => (body ? Response.json(body, { status }) : new Response('<html>', { status }));
      expect(await codeOf(desk.signIn({ username: 'a', password: 'b' }))).to.equal(code);
      expect(snapshot()).to.include({ state: 'signed-out', error: code });
    });
  }

  it('says offline where the desk cannot be reached', async () => {
    answer = () => {
      throw new TypeError('Failed to fetch');
    };
    expect(await codeOf(desk.signIn({ username: 'a', password: 'b' }))).to.equal('offline');
    fake.server.reachable = false;
    const signedIn = codeOf(desk.signIn({ token: 'x' }));
    await fake.clock.advance(20_000);
    expect(await signedIn).to.equal('offline');
    expect(snapshot()).to.include({ state: 'signed-out', error: 'offline' });
  });

  it('goes on with the session after a reload, and forgets one that is refused', async () => {
    await desk.signIn({ username: 'alice', password: 'demo' });
    desk.disconnect();
    const reloaded = new AgentDesk({ server: SERVER }, fake.parts);
    expect(await reloaded.resume()).to.equal(true);
    expect(reloaded.getSnapshot().state).to.equal('signed-in');
    fake.server.cut(4401, 'unauthorized');
    expect(reloaded.getSnapshot()).to.include({ state: 'signed-out', error: 'unauthorized' });
    expect(await reloaded.resume()).to.equal(false);
  });

  it('keeps no token of the CRM, and no session that has expired', async () => {
    await signIn();
    expect(new AgentSessionStore(SERVER).read(0)).to.equal(null);
    const store = new AgentSessionStore(SERVER);
    store.keep({ token: 't', expiresAt: 5 });
    expect(new AgentSessionStore(SERVER).read(4)?.token).to.equal('t');
    expect(new AgentSessionStore(SERVER).read(5)).to.equal(null);
  });

  it('works for as long as the page where storage is blocked', async () => {
    const locals = Object.getOwnPropertyDescriptor(window, 'localStorage')!;
    const sessions = Object.getOwnPropertyDescriptor(window, 'sessionStorage')!;
    const get = () => {
      throw new DOMException('blocked', 'SecurityError');
    };
    Object.defineProperty(window, 'localStorage', { configurable: true, get });
    Object.defineProperty(window, 'sessionStorage', { configurable: true, get });
    try {
      await desk.signIn({ username: 'alice', password: 'demo' });
      desk.disconnect();
      expect(await desk.resume()).to.equal(true);
    } finally {
      Object.defineProperty(window, 'localStorage', locals);
      Object.defineProperty(window, 'sessionStorage', sessions);
    }
  });

  it('ends the session on the server when signed out', async () => {
    await desk.signIn({ username: 'alice', password: 'demo' });
    await desk.signOut();
    expect(requests[1]).to.include({ method: 'DELETE', bearer: 'Bearer session-1' });
    expect(snapshot().state).to.equal('signed-out');
    expect(await desk.resume()).to.equal(false);
  });

  it('accepts, enters the room at once, talks, ends, and wraps up', async () => {
    await signIn();
    await show({ status: 'ringing', offer: offer() });
    await desk.accept();
    expect(fake.server.sent('accept-offer')[0]).to.include({ offerId: OFFER_ID });
    await show({ status: 'busy', call: ACCEPTED });
    expect(fake.server.sent('enter-room')[0]).to.include({ room: ROOM, participant: 'agent-1' });
    await show({ status: 'busy', call: CONNECTED });
    expect(snapshot().room!.getSnapshot()).to.include({
      state: 'joined',
      connectedAt: 1_800_000_001_000,
    });
    fake.server.send({ type: 'chat', room: ROOM, messages: [message(1, 'visitor-1', 'hello')] });
    await settle();
    const session = snapshot().room;
    await desk.endCall();
    expect(snapshot().room).to.equal(null);
    expect(snapshot().lastRoom).to.equal(session);
    expect(fake.local.getSnapshot().camera.track === null).to.equal(true);
    expect(fake.rooms[0]!.getSnapshot().state).to.equal('left');
    const ended = { reason: 'agent-ended', at: 1, seconds: 5 } as const;
    const wrapUp = {
      ...{ callId: CALL_ID, visitor: CONNECTED.visitor, skill: CONNECTED.skill },
      ...{ room: ROOM, ended, until: 2 },
    };
    await show({ status: 'wrap-up', wrapUp });
    expect(snapshot().lastRoom!.getSnapshot().chat.entries[0]!.text).to.equal('hello');
    await desk.finishWrapUp();
    expect(fake.server.sent('finish-wrap-up')[0]).to.include({ callId: CALL_ID });
    await show({});
    expect(snapshot().lastRoom).to.equal(null);
  });

  it('enters the room while the browser still asks for the camera', async () => {
    fake = new FakeCall({ answered: new Promise(() => {}) });
    fake.server.view = agentView({ status: 'ringing', offer: offer() });
    desk = new AgentDesk({ server: SERVER }, fake.parts);
    await signIn();
    await desk.accept();
    await show({ status: 'busy', call: ACCEPTED });
    expect(fake.local.getSnapshot().camera.state).to.equal('starting');
    expect(fake.server.sent('enter-room')).to.have.length(1);
  });

  it('opens no device before the accept, and none where the offer was gone', async () => {
    await signIn();
    await show({ status: 'ringing', offer: offer() });
    expect(fake.local.getSnapshot().camera.state).to.equal('idle');
    fake.server.on('accept-offer', () => {
      throw new RtcDeskError('conflict');
    });
    expect(await codeOf(desk.accept())).to.equal('conflict');
    expect(fake.local.getSnapshot().camera.track === null).to.equal(true);
    await show({});
    expect(await codeOf(desk.accept())).to.equal('conflict');
    expect(await codeOf(desk.decline())).to.equal('conflict');
  });

  it('shows the call in every tab, and enters the room only in the one in charge', async () => {
    await signIn();
    const shown = agentCall({ state: 'connected', ticket: null });
    await show({ inCharge: false, tabs: 2, status: 'busy', call: shown });
    expect(snapshot().view?.call?.id).to.equal(CALL_ID);
    expect(snapshot().room).to.equal(null);
    expect(fake.local.getSnapshot().camera.state).to.equal('idle');
    await desk.takeCharge();
    await show({ inCharge: true, tabs: 2, status: 'busy', call: CONNECTED });
    expect(snapshot().room).not.to.equal(null);
    expect(fake.server.sent('take-charge')).to.have.length(1);
    await show({ inCharge: false, tabs: 2, status: 'busy', call: shown });
    expect(snapshot().room).to.equal(null);
    expect(fake.rooms[0]!.getSnapshot().state).to.equal('left');
    expect(fake.local.getSnapshot().camera.track === null).to.equal(true);
    expect(fake.server.sent('end-call')).to.have.length(0);
  });

  it('takes a renewed token without touching the call, and another agent’s as a new sign-in', async () => {
    await signIn();
    await show({ status: 'busy', call: CONNECTED });
    const session = snapshot().room;
    await desk.signIn({ token: jwt('alice', 2) });
    expect(snapshot().room).to.equal(session);
    fake.server.cut(1012);
    await fake.clock.advance(1_000);
    expect(fake.server.hellos[1]).to.include({ token: jwt('alice', 2) });
    expect(fake.server.hellos[1]).to.include({ continues: 'connection-1' });
    expect(fake.server.hellos[1]).not.to.have.property('fresh');
    expect(snapshot().room).to.equal(session);
    fake.server.view = agentView();
    await desk.signIn({ token: jwt('bob', 1) });
    expect(fake.server.hellos).to.have.length(3);
    expect(snapshot().room).to.equal(null);
  });

  it('keeps room and media over a cut, and enters again', async () => {
    await signIn();
    await show({ status: 'busy', call: CONNECTED });
    fake.server.reachable = false;
    fake.server.cut();
    await fake.clock.advance(30_000);
    expect(snapshot()).to.include({ state: 'signed-in', online: false });
    expect(snapshot().room!.getSnapshot().signaling).to.equal('offline');
    fake.server.reachable = true;
    await fake.clock.advance(10_000);
    expect(snapshot().online).to.equal(true);
    expect(fake.server.sent('enter-room')).to.have.length(2);
    expect(fake.rooms).to.have.length(1);
  });

  it('answers a press within 15 s also while offline, and does not press later', async () => {
    await signIn();
    fake.server.reachable = false;
    fake.server.cut();
    const pressed = codeOf(desk.setStatus('break'));
    await fake.clock.advance(15_000);
    expect(await pressed).to.equal('offline');
    fake.server.reachable = true;
    await fake.clock.advance(10_000);
    expect(fake.server.sent('set-status')).to.have.length(0);
  });

  it('ends a call offline at once here, and there when it can', async () => {
    await signIn();
    await show({ status: 'busy', call: CONNECTED });
    fake.server.reachable = false;
    fake.server.cut();
    const ended = desk.endCall();
    expect(snapshot().room).to.equal(null);
    expect(fake.local.getSnapshot().camera.track === null).to.equal(true);
    await fake.clock.advance(10_000);
    fake.server.reachable = true;
    await fake.clock.advance(10_000);
    await ended;
    expect(fake.server.sent('end-call')).to.have.length(1);
    expect(fake.rooms).to.have.length(1);
  });

  it('ends the call with the room’s own button', async () => {
    await signIn();
    await show({ status: 'busy', call: CONNECTED });
    await snapshot().room!.leave();
    expect(fake.server.sent('end-call')).to.have.length(1);
  });

  it('refuses what needs a sign-in or a call', async () => {
    expect(await codeOf(desk.setStatus('available'))).to.equal('unauthorized');
    await signIn();
    expect(await codeOf(desk.endCall())).to.equal('conflict');
    expect(await codeOf(desk.finishWrapUp())).to.equal('conflict');
  });
});
