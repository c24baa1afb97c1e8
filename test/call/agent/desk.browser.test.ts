import { expect } from '@open-wc/testing';
import { AgentDesk } from '../../../src/call/agent/desk.ts';
import { AgentSessionStore } from '../../../src/call/agent/session-store.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { AgentView } from '../../../src/protocol/views.ts';
import { codeOf } from '../../support/error-code.ts';
import { FakeCall } from '../../support/fake-call.ts';
import { settle } from '../../support/fake-clock.ts';
import {
  agentView,
  CALL_ID,
  leg,
  LEG_ID,
  message,
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
  const accepted = { state: 'accepted', acceptedAt: 1_800_000_000_000 } as const;
  const ACCEPTED = leg(
    { ...accepted, rooms: [room([], { ticket: ticket('agent-1') })] },
    { state: 'accepted' },
  );
  const connected = { state: 'connected', connectedAt: 1_800_000_001_000 } as const;
  const inBoth = ['agent-1', 'visitor-1'];
  const CONNECTED = leg(
    { ...accepted, state: 'joined', rooms: [room(inBoth, { ticket: ticket('agent-1') })] },
    connected,
  );

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

  it('loads the call’s media ahead while it rings, and not before', async () => {
    const view = agentView();
    const agent = { ...view.agent, site: { ...view.agent.site, media: 'trtc' as const } };
    await signIn();
    await show({ agent });
    expect(fake.preloads).to.deep.equal([]);
    await show({ agent, legs: [leg()] });
    expect([...new Set(fake.preloads)]).to.deep.equal(['trtc']);
  });

  for (const [status, body, code] of [
    [401, { code: 'unauthorized', message: '' }, 'unauthorized'],
    [429, {}, 'rate-limited'],
    [502, null, 'server-error'],
  ] as const) {
    it(`shows ${code} if the sign-in is answered with ${status}`, async () => {
      answer = () => (body ? Response.json(body, { status }) : new Response('<html>', { status }));
      expect(await codeOf(desk.signIn({ username: 'a', password: 'b' }))).to.equal(code);
      expect(snapshot()).to.include({ state: 'signed-out', error: code });
    });
  }

  it('shows offline if the desk cannot be reached', async () => {
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

  it('goes on with the session after a reload, and removes one that is refused', async () => {
    await desk.signIn({ username: 'alice', password: 'demo' });
    desk.disconnect();
    const reloaded = new AgentDesk({ server: SERVER }, fake.parts);
    expect(await reloaded.resume()).to.equal(true);
    expect(reloaded.getSnapshot().state).to.equal('signed-in');
    fake.server.cut(4401, 'unauthorized');
    expect(reloaded.getSnapshot()).to.include({ state: 'signed-out', error: 'unauthorized' });
    expect(await reloaded.resume()).to.equal(false);
  });

  it('stores no token of the CRM, and reads no expired session', async () => {
    await signIn();
    const store = () => new AgentSessionStore(fake.parts.platform, SERVER, () => null);
    expect(store().read()).to.equal(null);
    store().write({ token: 't', expiresAt: fake.clock.now() + 1 });
    expect(store().read()?.token).to.equal('t');
    await fake.clock.advance(1);
    expect(store().read()).to.equal(null);
  });

  it('keeps the session for as long as the page if storage is blocked', async () => {
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

  it('ends its call before it signs out, so that the visitor is told', async () => {
    await signIn();
    await show({ status: 'busy', legs: [CONNECTED] });
    await desk.signOut();
    expect(fake.server.sent('end-call')).to.have.length(1);
    expect(snapshot().state).to.equal('signed-out');
  });

  it('accepts, enters the room at once, talks, ends, and wraps up', async () => {
    await signIn();
    await show({ status: 'ringing', legs: [leg()] });
    await desk.accept();
    expect(fake.server.sent('accept-offer')[0]).to.include({ legId: LEG_ID });
    await show({ status: 'busy', legs: [ACCEPTED] });
    expect(fake.server.sent('enter-room')[0]).to.include({ room: ROOM, participant: 'agent-1' });
    await show({ status: 'busy', legs: [CONNECTED] });
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
    const left = leg(
      { state: 'left', wrapUpUntil: 2, rooms: [room([])] },
      { state: 'ended', ended },
    );
    await show({ status: 'wrap-up', legs: [left] });
    expect(snapshot().lastRoom!.getSnapshot().chat.entries[0]!.text).to.equal('hello');
    await desk.finishWrapUp();
    expect(fake.server.sent('finish-wrap-up')[0]).to.include({ legId: LEG_ID });
    await show({});
    expect(snapshot().lastRoom).to.equal(null);
  });

  it('enters the room while the browser still asks for the camera', async () => {
    fake = new FakeCall({ answered: new Promise(() => {}) });
    fake.server.view = agentView({ status: 'ringing', legs: [leg()] });
    desk = new AgentDesk({ server: SERVER }, fake.parts);
    await signIn();
    await desk.accept();
    await show({ status: 'busy', legs: [ACCEPTED] });
    expect(fake.local.getSnapshot().camera.state).to.equal('starting');
    expect(fake.server.sent('enter-room')).to.have.length(1);
  });

  it('opens no device before the accept, and none if the offer is gone', async () => {
    await signIn();
    await show({ status: 'ringing', legs: [leg()] });
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

  it('shows the call in every tab, and enters the room only in the active tab', async () => {
    await signIn();
    const shown = leg({ ...accepted, state: 'joined', rooms: [room(inBoth)] }, connected);
    await show({ activeTab: false, tabs: 2, status: 'busy', legs: [shown] });
    expect(snapshot().view?.legs[0]?.call.id).to.equal(CALL_ID);
    expect(snapshot().room).to.equal(null);
    expect(fake.local.getSnapshot().camera.state).to.equal('idle');
    await desk.activateTab();
    await show({ activeTab: true, tabs: 2, status: 'busy', legs: [CONNECTED] });
    expect(snapshot().room).not.to.equal(null);
    expect(fake.server.sent('activate-tab')).to.have.length(1);
    await show({ activeTab: false, tabs: 2, status: 'busy', legs: [shown] });
    expect(snapshot().room).to.equal(null);
    expect(fake.rooms[0]!.getSnapshot().state).to.equal('left');
    expect(fake.local.getSnapshot().camera.track === null).to.equal(true);
    expect(fake.server.sent('end-call')).to.have.length(0);
  });

  it('takes a renewed token without disturbing the call, and another agent’s token as a new sign-in', async () => {
    await signIn();
    await show({ status: 'busy', legs: [CONNECTED] });
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

  it('keeps room and media over a lost connection, and enters again', async () => {
    await signIn();
    await show({ status: 'busy', legs: [CONNECTED] });
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

  it('rejects a command after 15 s offline, and does not send it later', async () => {
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

  it('ends a call at once while offline, and tells the server when it is back', async () => {
    await signIn();
    await show({ status: 'busy', legs: [CONNECTED] });
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

  it('ends the call when its room is left', async () => {
    await signIn();
    await show({ status: 'busy', legs: [CONNECTED] });
    await snapshot().room!.leave();
    expect(fake.server.sent('end-call')).to.have.length(1);
  });

  describe('in two rooms', () => {
    const CONSULT = 4712;
    const consult = room(['agent-1', 'agent-9'], {
      number: CONSULT,
      kind: 'consult',
      ticket: ticket('agent-2', { room: CONSULT, role: 'agent' }),
    });
    const BOTH = { ...CONNECTED, rooms: [...CONNECTED.rooms, consult] };
    const rooms = () => snapshot().rooms.map((one) => one.getSnapshot().room);
    const sentTo = (index: number) => {
      const { camera, microphone } = fake.rooms[index]!.options.local.getSnapshot();
      return [camera, microphone].map(({ track }) => track !== null);
    };

    it('opens a session for each ticket, and closes it when the ticket is gone', async () => {
      await signIn();
      await show({ status: 'busy', legs: [CONNECTED] });
      expect(rooms()).to.deep.equal([ROOM]);
      const [first] = snapshot().rooms;
      await show({ status: 'busy', legs: [BOTH] });
      expect(rooms()).to.deep.equal([ROOM, CONSULT]);
      expect(snapshot().rooms[0]).to.equal(first);
      const entered = fake.server.sent('enter-room').map(({ participant }) => participant);
      expect(entered).to.deep.equal(['agent-1', 'agent-2']);
      await show({ status: 'busy', legs: [CONNECTED] });
      expect(rooms()).to.deep.equal([ROOM]);
      expect(fake.rooms.map((one) => one.getSnapshot().state)).to.deep.equal(['entered', 'left']);
      expect(fake.server.sent('leave-room')[0]).to.include({ room: CONSULT });
      expect(fake.local.getSnapshot().camera.state).to.equal('on');
    });

    it('sends camera and microphone to one of them, captured once', async () => {
      let starts = 0;
      const { start } = fake.local;
      fake.local.start = () => {
        starts++;
        return start.call(fake.local);
      };
      await signIn();
      await show({ status: 'busy', legs: [BOTH] });
      expect([sentTo(0), sentTo(1)]).to.deep.equal([
        [true, true],
        [false, false],
      ]);
      expect(snapshot().room!.getSnapshot().room).to.equal(ROOM);
      desk.sendMediaTo(CONSULT);
      expect([sentTo(0), sentTo(1)]).to.deep.equal([
        [false, false],
        [true, true],
      ]);
      expect(snapshot().room!.getSnapshot().room).to.equal(CONSULT);
      await show({ status: 'busy', legs: [CONNECTED] });
      expect(sentTo(0)).to.deep.equal([true, true]);
      expect(starts).to.equal(1);
    });

    it('gives each room its own deliveries', async () => {
      await signIn();
      await show({ status: 'busy', legs: [BOTH] });
      const messages = [message(1, 'agent-9', 'can you help?')];
      fake.server.send({ type: 'chat', room: CONSULT, messages });
      await settle();
      const texts = snapshot().rooms.map((one) =>
        one.getSnapshot().chat.entries.map(({ text }) => text),
      );
      expect(texts).to.deep.equal([[], ['can you help?']]);
    });

    it('leaves the second room without ending the call', async () => {
      await signIn();
      await show({ status: 'busy', legs: [BOTH] });
      await snapshot().rooms[1]!.leave();
      expect(fake.server.sent('end-call')).to.have.length(0);
      expect(fake.rooms[1]!.getSnapshot().state).to.equal('left');
      await snapshot().rooms[0]!.leave();
      expect(fake.server.sent('end-call')).to.have.length(1);
    });
  });

  it('rejects commands that need a sign-in or a call', async () => {
    expect(await codeOf(desk.setStatus('available'))).to.equal('unauthorized');
    await signIn();
    expect(await codeOf(desk.endCall())).to.equal('conflict');
    expect(await codeOf(desk.finishWrapUp())).to.equal('conflict');
  });
});
