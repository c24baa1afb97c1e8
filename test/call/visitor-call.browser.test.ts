import { expect } from '@open-wc/testing';
import { ResumeStore } from '../../src/call/resume-store.ts';
import type { CallWish } from '../../src/call/visitor-call-control.ts';
import { VisitorCall } from '../../src/call/visitor-call.ts';
import { RtcDeskError, type ErrorCode } from '../../src/protocol/errors.ts';
import type { VisitorCallView } from '../../src/protocol/views.ts';
import { FakeCall } from '../support/fake-call.ts';
import { settle, until } from '../support/fake-clock.ts';
import { CALL_ID, message, room, ROOM, ticket, visitorView } from '../support/fake-views.ts';
import { forgetStorage } from '../support/forget-storage.ts';

const SERVER = 'https://desk.example.com';
const WISH: CallWish = { skill: 'after-sales', name: 'Vera', params: { a: 'b' }, language: 'en' };

let tests = 0;

describe('VisitorCall', () => {
  let site: string;
  let fake: FakeCall;
  let call: VisitorCall;
  let store: ResumeStore;
  const all: { fake: FakeCall; call: VisitorCall }[] = [];

  const make = (options?: ConstructorParameters<typeof FakeCall>[0], media = {}) => {
    const made = new FakeCall(options, media);
    made.server.on('request-call', () => {
      made.server.show(visitorView({ position: 2 }));
      return { callId: CALL_ID };
    });
    made.server.view = visitorView(null);
    const visitor = { fake: made, call: new VisitorCall({ server: SERVER, site }, made.parts) };
    all.push(visitor);
    return visitor;
  };

  beforeEach(() => {
    site = `site-${++tests}`;
    store = new ResumeStore(SERVER, site);
    ({ fake, call } = make());
  });

  afterEach(async () => {
    for (const { fake: made, call: one } of all.splice(0)) {
      void one.hangUp();
      await made.clock.advance(70_000);
      expect(made.leftovers).to.deep.equal([]);
    }
    forgetStorage(`rtc-desk:resume:${SERVER}:${site}`);
  });

  const snapshot = () => call.getSnapshot();
  const show = async (view: Partial<VisitorCallView> | null, to = fake) => {
    to.server.show(visitorView(view));
    await settle();
  };
  const READY = { state: 'ready', ticket: ticket('visitor-1'), room: room(['agent-1']) } as const;
  const CONNECTED = {
    state: 'connected',
    agentName: 'Alice',
    connectedAt: 1_800_000_001_000,
    ticket: ticket('visitor-1'),
    room: room(['agent-1', 'visitor-1']),
  } as const;
  /** Queued, rung, and together with the agent. */
  const connect = async () => {
    await call.start(WISH);
    await show({ state: 'ringing' });
    await show(READY);
    await show(CONNECTED);
  };
  const codeOf = async (promise: Promise<unknown>): Promise<ErrorCode | null> => {
    try {
      await promise;
      return null;
    } catch (error) {
      return (error as RtcDeskError).code;
    }
  };

  it('loads ahead in the line what the media of this site need', async () => {
    const view = visitorView(null);
    fake.server.view = { ...view, site: { ...view.site, media: 'trtc' } };
    await call.start(WISH);
    expect(fake.preloads[0]).to.equal('trtc');
  });

  it('leads from the press to the call and its end, and leaves nothing behind', async () => {
    expect(snapshot().state).to.equal('idle');
    const started = call.start(WISH);
    expect(snapshot().state).to.equal('queued');
    await started;
    await settle();
    expect(snapshot()).to.include({ state: 'queued', callId: CALL_ID, position: 2 });
    expect([...new Set(fake.preloads)]).to.deep.equal(['peer']);
    await show({ state: 'ringing' });
    expect(snapshot().state).to.equal('ringing');
    expect(snapshot().room).to.equal(null);
    await show(READY);
    expect(snapshot().state).to.equal('connecting');
    expect(fake.server.sent('enter-room')).to.have.length(1);
    await show(CONNECTED);
    expect(snapshot()).to.include({ state: 'connected', agentName: 'Alice' });
    const ended = { reason: 'agent-ended', at: 1_800_000_009_000, seconds: 8 } as const;
    await show({ state: 'ended', ended });
    expect(snapshot().state).to.equal('ended');
    expect(snapshot().ended).to.deep.equal(ended);
    expect(snapshot().room?.getSnapshot().state).to.equal('left');
    expect(fake.leftovers).to.deep.equal([]);
    expect(store.read()).to.equal(null);
    call.reset();
    expect(snapshot()).to.include({ state: 'idle', room: null, ended: null, callId: null });
  });

  it('asks for the queue while the devices are still being asked for', async () => {
    ({ fake, call } = make({ answered: new Promise(() => {}) }));
    await call.start(WISH);
    expect(snapshot().local.camera.state).to.equal('starting');
    expect(fake.server.sent('request-call')).to.have.length(1);
    await show(READY);
    expect(fake.server.sent('enter-room')).to.have.length(1);
  });

  it('goes on without camera and microphone', async () => {
    ({ fake, call } = make({
      refuse: { camera: 'permission-denied', microphone: 'no-microphone' },
    }));
    await connect();
    expect(snapshot().state).to.equal('connected');
    expect(snapshot().local.camera.error).to.equal('permission-denied');
  });

  it('makes one call of a double press', async () => {
    await Promise.all([call.start(WISH), call.start(WISH)]);
    await call.start(WISH);
    expect(fake.server.sent('request-call')).to.have.length(1);
    expect(fake.server.opened).to.equal(1);
  });

  it('keeps its token before anything is sent, and sends the wish as it was given', async () => {
    let kept: string | null = null;
    fake.server.on('request-call', () => {
      kept = store.read();
      return { callId: CALL_ID };
    });
    await call.start(WISH);
    const [request] = fake.server.sent('request-call');
    expect(request!.resume).to.match(/^[\w-]{43}$/);
    expect(kept).to.equal(request!.resume);
    expect(request).to.deep.include({ name: 'Vera', skill: 'after-sales', params: { a: 'b' } });
    expect(request!.page).to.equal(location.origin + location.pathname);
  });

  for (const code of ['no-agent-online', 'queue-full', 'out-of-hours', 'unknown-skill'] as const) {
    it(`fails with ${code} where the desk says so, and stops the devices`, async () => {
      fake.server.on('request-call', () => {
        throw new RtcDeskError(code);
      });
      expect(await codeOf(call.start(WISH))).to.equal(code);
      expect(snapshot()).to.include({ state: 'failed', error: code });
      expect(fake.leftovers).to.deep.equal([]);
      expect(store.read()).to.equal(null);
    });
  }

  it('fails with the reason where the hello is refused for good', async () => {
    fake.server.refuse = { code: 4403, reason: 'origin-not-allowed' };
    expect(await codeOf(call.start(WISH))).to.equal('origin-not-allowed');
    expect(snapshot()).to.include({ state: 'failed', error: 'origin-not-allowed' });
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('fails with offline where nobody answers for 30 s, and can be tried again', async () => {
    fake.server.reachable = false;
    const started = codeOf(call.start(WISH));
    await until(() => fake.server.opened > 0);
    await fake.clock.advance(30_000);
    expect(await started).to.equal('offline');
    expect(fake.leftovers).to.deep.equal([]);
    fake.server.reachable = true;
    await call.start(WISH);
    await settle();
    expect(snapshot()).to.include({ state: 'queued', error: null, position: 2 });
  });

  it('keeps the place over a cut of 1 s and of 70 s, and says that it is offline', async () => {
    await call.start(WISH);
    await settle();
    for (const ms of [1_000, 70_000]) {
      fake.server.reachable = false;
      fake.server.cut();
      await fake.clock.advance(ms);
      expect(snapshot()).to.include({ state: 'queued', online: false, position: 2 });
      fake.server.reachable = true;
      await fake.clock.advance(10_000);
      expect(snapshot()).to.include({ state: 'queued', online: true });
    }
    const { resume } = fake.server.sent('request-call')[0]!;
    for (const hello of fake.server.hellos) expect(hello).to.include({ resume });
  });

  it('asks once more, with the same token, where the answer to the request was lost', async () => {
    let times = 0;
    fake.server.on('request-call', () => (++times === 1 ? undefined : { callId: CALL_ID }));
    const started = call.start(WISH);
    await until(() => fake.server.commands.length > 0);
    fake.server.cut(1012);
    await fake.clock.advance(1_000);
    await started;
    const resumes = fake.server.sent('request-call').map(({ resume }) => resume);
    expect(resumes).to.have.length(2);
    expect(new Set(resumes).size).to.equal(1);
  });

  it('is told that the call ended while it was away', async () => {
    await call.start(WISH);
    await settle();
    fake.server.view = visitorView(null);
    fake.server.cut();
    await fake.clock.advance(1_000);
    expect(snapshot()).to.include({ state: 'ended' });
    expect(snapshot().ended?.reason).to.equal('abandoned');
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('enters the room again after a cut, before anything else is said there', async () => {
    await connect();
    fake.server.reachable = false;
    fake.server.cut();
    expect(snapshot().state).to.equal('reconnecting');
    const session = snapshot().room!;
    session.sendText('sent while offline');
    expect(session.getSnapshot().chat.entries[0]!.status).to.equal('pending');
    const kept = message(1, 'visitor-1', 'sent while offline');
    fake.server.on('chat-send', (command) => ({
      ...kept,
      id: (command as { messageId: string }).messageId,
    }));
    fake.server.reachable = true;
    const before = fake.server.commands.length;
    await fake.clock.advance(1_000);
    const after = fake.server.commands.slice(before).map(({ type }) => type);
    expect(after[0]).to.equal('enter-room');
    expect(after).to.include('chat-send');
    expect(session.getSnapshot().chat.entries[0]!.status).to.equal('sent');
    expect(snapshot().room).to.equal(session);
    expect(snapshot().state).to.equal('connected');
    expect(fake.rooms[0]!.calls).to.include('signaling restored');
  });

  it('is still connected without signaling while the agent’s picture and sound arrive', async () => {
    await connect();
    const remote = {
      id: 'agent-1',
      state: 'connected',
      camera: null,
      screen: null,
      microphoneOn: true,
      cameraOn: false,
      level: 0,
      quality: 5,
    } as const;
    fake.rooms[0]!.change({ remotes: [remote] });
    fake.server.reachable = false;
    fake.server.cut();
    expect(snapshot()).to.include({ state: 'connected', online: false });
    fake.rooms[0]!.change({ remotes: [{ ...remote, state: 'reconnecting' }] });
    expect(snapshot().state).to.equal('reconnecting');
  });

  it('joins anew for a new ticket, and leaves the room where the agent was lost', async () => {
    await connect();
    await show({ ...CONNECTED, ticket: ticket('visitor-2') });
    expect(fake.rooms.map((one) => one.getSnapshot().state)).to.deep.equal(['left', 'entered']);
    await show({ state: 'queued', position: 1 });
    expect(snapshot()).to.include({ state: 'queued', room: null, position: 1 });
    expect(fake.rooms[1]!.getSnapshot().state).to.equal('left');
    expect(snapshot().local.camera.state).to.equal('on');
  });

  it('stops everything at once when hung up, and tells the server', async () => {
    await connect();
    const left = call.hangUp();
    expect(snapshot()).to.include({ state: 'ended' });
    expect(snapshot().ended?.reason).to.equal('visitor-ended');
    expect(snapshot().local.camera.track === null).to.equal(true);
    await left;
    expect(fake.server.sent('end-call')).to.have.length(1);
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('keeps the goodbye of a call hung up offline until it can be said', async () => {
    await connect();
    fake.server.reachable = false;
    fake.server.cut();
    const left = call.hangUp();
    expect(snapshot().local.camera.track === null).to.equal(true);
    await fake.clock.advance(20_000);
    expect(fake.server.sent('end-call')).to.have.length(0);
    fake.server.reachable = true;
    await fake.clock.advance(10_000);
    await left;
    expect(fake.server.sent('end-call')).to.have.length(1);
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('gives the goodbye up when the server has ended the call by itself', async () => {
    await connect();
    fake.server.reachable = false;
    fake.server.cut();
    const left = call.hangUp();
    await fake.clock.advance(60_000);
    await left;
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('takes a request back that was cancelled before its answer', async () => {
    fake.server.on('request-call', () => undefined);
    const started = call.start(WISH);
    await until(() => fake.server.commands.length > 0);
    const left = call.hangUp();
    expect(snapshot().ended?.reason).to.equal('cancelled');
    fake.server.on('request-call', () => ({ callId: CALL_ID }));
    fake.server.cut();
    await fake.clock.advance(1_000);
    await Promise.all([started, left]);
    expect(fake.server.sent('end-call')[0]).to.include({ callId: CALL_ID });
    expect(snapshot().state).to.equal('ended');
  });

  it('is silent about a press that was cancelled before anything was asked for', async () => {
    const started = call.start(WISH);
    await call.hangUp();
    expect(await codeOf(started)).to.equal(null);
    expect(fake.server.opened).to.equal(0);
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('is silent about a press that was cancelled before it reached anybody', async () => {
    fake.server.reachable = false;
    const started = call.start(WISH);
    await until(() => fake.server.opened > 0);
    await call.hangUp();
    expect(await codeOf(started)).to.equal(null);
    expect(fake.leftovers).to.deep.equal([]);
    fake.server.reachable = true;
    await call.start(WISH);
    expect(fake.server.sent('request-call')).to.have.length(1);
  });

  it('fails and tells the agent where the room cannot be entered', async () => {
    ({ fake, call } = make({}, { refuse: 'room-full' }));
    await call.start(WISH);
    await show(READY);
    expect(snapshot()).to.include({ state: 'failed', error: 'room-full' });
    await settle();
    expect(fake.server.sent('end-call')).to.have.length(1);
    await settle();
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('keeps the call where sound and pictures fail, and goes on in writing', async () => {
    ({ fake, call } = make({}, { refuse: 'media-failed' }));
    await connect();
    expect(snapshot()).to.include({ state: 'connected', error: null });
    expect(snapshot().room!.getSnapshot()).to.include({ mediaError: 'media-failed' });
    snapshot().room!.sendText('Can you read me?');
    await settle();
    expect(fake.server.sent('chat-send')[0]).to.include({ text: 'Can you read me?' });
    expect(fake.server.sent('end-call')).to.have.length(0);
    await call.hangUp();
  });

  it('ends the call when the room’s own button leaves it', async () => {
    await connect();
    await snapshot().room!.leave();
    expect(snapshot()).to.include({ state: 'ended' });
    expect(fake.server.sent('end-call')).to.have.length(1);
  });

  it('finds the same call again after a reload', async () => {
    store.keep('t'.repeat(43));
    fake.server.view = visitorView({ position: 4 });
    expect(await call.resume()).to.equal(true);
    await settle();
    expect(snapshot()).to.include({ state: 'queued', position: 4, callId: CALL_ID });
    expect(snapshot().local.camera.state).to.equal('on');
    expect(fake.server.hellos[0]).to.include({ resume: 't'.repeat(43), fresh: true });
    expect(fake.server.sent('request-call')).to.have.length(0);
  });

  it('is idle after a reload where the call is over, and asks for no device', async () => {
    store.keep('t'.repeat(43));
    expect(await call.resume()).to.equal(false);
    expect(snapshot()).to.include({ state: 'idle' });
    expect(snapshot().local.camera.state).to.equal('idle');
    expect(store.read()).to.equal(null);
    expect(fake.leftovers).to.deep.equal([]);
    expect(await call.resume()).to.equal(false);
  });

  it('stops looking for a call of before a reload when hung up meanwhile', async () => {
    store.keep('t'.repeat(43));
    fake.server.reachable = false;
    const resumed = call.resume();
    await until(() => fake.server.opened > 0);
    await call.hangUp();
    expect(await resumed).to.equal(false);
    expect(snapshot().state).to.equal('idle');
    expect(fake.leftovers).to.deep.equal([]);
    expect(store.read()).to.equal('t'.repeat(43));
  });

  it('makes a new call where the kept token is of one that has ended', async () => {
    store.keep('t'.repeat(43));
    const ended = { reason: 'abandoned', at: 1, seconds: 0 } as const;
    fake.server.welcomeView = (hello) =>
      visitorView(
        'resume' in hello && hello.resume === 't'.repeat(43) ? { state: 'ended', ended } : null,
      );
    await call.start(WISH);
    await settle();
    expect(snapshot()).to.include({ state: 'queued', position: 2 });
    expect(fake.server.sent('request-call')[0]!.resume).not.to.equal('t'.repeat(43));
  });

  it('starts at once on a press although a resume is still looking', async () => {
    store.keep('t'.repeat(43));
    fake.server.reachable = false;
    const resumed = call.resume();
    await until(() => fake.server.opened > 0);
    const started = call.start(WISH);
    expect(snapshot().state).to.equal('queued');
    fake.server.reachable = true;
    expect(await resumed).to.equal(false);
    await started;
    expect(fake.server.sent('request-call')).to.have.length(1);
    expect(snapshot().state).to.equal('queued');
  });

  it('lets one tab hold the call: another is told, and may take it over', async () => {
    await call.start(WISH);
    await settle();
    const other = make();
    expect(await codeOf(other.call.start(WISH))).to.equal('signed-in-elsewhere');
    expect(other.call.getSnapshot()).to.include({ state: 'failed', error: 'signed-in-elsewhere' });
    expect(other.fake.leftovers).to.deep.equal([]);
    expect(await other.call.resume()).to.equal(false);
    other.fake.server.view = visitorView({ position: 2 });
    await other.call.takeOver();
    await settle();
    expect(other.call.getSnapshot()).to.include({ state: 'queued', position: 2 });
    expect(other.fake.server.sent('request-call')).to.have.length(0);
    expect(snapshot()).to.include({ state: 'failed', error: 'signed-in-elsewhere' });
    expect(fake.leftovers).to.deep.equal([]);
    expect(fake.server.sent('end-call')).to.have.length(0);
    expect(store.read()).not.to.equal(null);
  });

  it('gives way where the server says that it came in elsewhere', async () => {
    await connect();
    const token = store.read();
    fake.server.cut(4409, 'signed-in-elsewhere');
    expect(snapshot()).to.include({ state: 'failed', error: 'signed-in-elsewhere' });
    expect(fake.leftovers).to.deep.equal([]);
    expect(store.read()).to.equal(token);
  });

  it('hands chat and signals of its own room on, and of no other', async () => {
    await connect();
    const messages = [message(1, 'agent-1', 'hello')];
    fake.server.send({ type: 'chat', room: ROOM + 1, messages });
    fake.server.send({ type: 'signal', room: ROOM + 1, from: 'x', data: 1 });
    fake.server.send({ type: 'chat', room: ROOM, messages });
    fake.server.send({ type: 'signal', room: ROOM, from: 'agent-1', data: 1 });
    await settle();
    expect(snapshot().room!.getSnapshot().chat.entries).to.have.length(1);
    expect(fake.rooms[0]!.calls).to.deep.equal(['signal from agent-1']);
  });
});
