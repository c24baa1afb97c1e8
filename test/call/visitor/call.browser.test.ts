import { expect } from '@open-wc/testing';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { codeOf } from '../../support/error-code.ts';
import { settle, until } from '../../support/fake-clock.ts';
import { CALL_ID, visitorView } from '../../support/fake-views.ts';
import { CONNECTED, READY, REQUEST, VisitorWorld } from './visitor-world.ts';

describe('VisitorCall', () => {
  let world: VisitorWorld;
  beforeEach(() => {
    world = new VisitorWorld();
  });
  afterEach(() => world.end());

  it('loads the site’s media ahead while the visitor waits', async () => {
    const { fake, call } = world.visitor();
    const view = visitorView(null);
    fake.server.view = { ...view, site: { ...view.site, media: 'trtc' } };
    await call.start(REQUEST);
    expect(fake.preloads[0]).to.equal('trtc');
  });

  it('goes from the press to the call and its end, and leaves nothing behind', async () => {
    const { fake, call, snapshot, show } = world.visitor();
    expect(snapshot().state).to.equal('idle');
    const started = call.start(REQUEST);
    expect(snapshot().state).to.equal('queued');
    await started;
    await settle();
    expect(snapshot()).to.include({ state: 'queued', callId: CALL_ID, position: 2 });
    expect([...new Set(fake.preloads)]).to.deep.equal(['mesh']);
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
    expect(world.store.read()).to.equal(null);
    call.reset();
    expect(snapshot()).to.include({ state: 'idle', room: null, ended: null, callId: null });
  });

  it('requests the call while the browser still asks for the devices', async () => {
    const { fake, call, snapshot, show } = world.visitor({ answered: new Promise(() => {}) });
    await call.start(REQUEST);
    expect(snapshot().local.camera.state).to.equal('starting');
    expect(fake.server.sent('request-call')).to.have.length(1);
    await show(READY);
    expect(fake.server.sent('enter-room')).to.have.length(1);
  });

  it('opens no device before the desk has taken the call', async () => {
    const { fake, call, snapshot } = world.visitor();
    const opened: string[] = [];
    fake.local.subscribe(() => opened.push(snapshot().local.camera.state));
    fake.server.on('request-call', () => {
      throw new RtcDeskError('out-of-hours');
    });
    expect(await codeOf(call.start(REQUEST))).to.equal('out-of-hours');
    expect(opened.filter((state) => state !== 'idle')).to.deep.equal([]);
  });

  it('tells when another try may work, where the desk says so', async () => {
    const { fake, call, snapshot } = world.visitor();
    fake.server.on('request-call', () => {
      throw new RtcDeskError('out-of-hours', 'closed', undefined, 3_600);
    });
    await codeOf(call.start(REQUEST));
    expect(snapshot().retryAt).to.equal(fake.clock.now() + 3_600_000);
    call.reset();
    expect(snapshot().retryAt).to.equal(null);
  });

  it('goes on without camera and microphone', async () => {
    const { snapshot, connect } = world.visitor({
      refuse: { camera: 'permission-denied', microphone: 'no-microphone' },
    });
    await connect();
    expect(snapshot().state).to.equal('connected');
    expect(snapshot().local.camera.error).to.equal('permission-denied');
  });

  it('makes one call of a double press', async () => {
    const { fake, call } = world.visitor();
    await Promise.all([call.start(REQUEST), call.start(REQUEST)]);
    await call.start(REQUEST);
    expect(fake.server.sent('request-call')).to.have.length(1);
    expect(fake.server.opened).to.equal(1);
  });

  it('stores its token before anything is sent, and sends the request as given', async () => {
    const { fake, call } = world.visitor();
    let kept: string | null = null;
    fake.server.on('request-call', () => {
      kept = world.store.read();
      return { callId: CALL_ID };
    });
    await call.start(REQUEST);
    const [request] = fake.server.sent('request-call');
    expect(request!.resume).to.match(/^[\w-]{43}$/);
    expect(kept).to.equal(request!.resume);
    expect(request).to.deep.include({ name: 'Vera', skill: 'after-sales', params: { a: 'b' } });
    expect(request!.page).to.equal(location.origin + location.pathname);
  });

  for (const code of ['no-agent-online', 'queue-full', 'out-of-hours', 'unknown-skill'] as const) {
    it(`fails with ${code} if the desk says so, and stops the devices`, async () => {
      const { fake, call, snapshot } = world.visitor();
      fake.server.on('request-call', () => {
        throw new RtcDeskError(code);
      });
      expect(await codeOf(call.start(REQUEST))).to.equal(code);
      expect(snapshot()).to.include({ state: 'failed', error: code });
      expect(fake.leftovers).to.deep.equal([]);
      expect(world.store.read()).to.equal(null);
    });
  }

  it('fails with the reason if the hello is refused for good', async () => {
    const { fake, call, snapshot } = world.visitor();
    fake.server.refuse = { code: 4403, reason: 'origin-not-allowed' };
    expect(await codeOf(call.start(REQUEST))).to.equal('origin-not-allowed');
    expect(snapshot()).to.include({ state: 'failed', error: 'origin-not-allowed' });
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('fails with offline if nobody answers for 30 s, and can be tried again', async () => {
    const { fake, call, snapshot } = world.visitor();
    fake.server.reachable = false;
    const started = codeOf(call.start(REQUEST));
    await until(() => fake.server.opened > 0);
    await fake.clock.advance(30_000);
    expect(await started).to.equal('offline');
    expect(fake.leftovers).to.deep.equal([]);
    fake.server.reachable = true;
    await call.start(REQUEST);
    await settle();
    expect(snapshot()).to.include({ state: 'queued', error: null, position: 2 });
  });

  it('requests a new call if the stored token belongs to an ended one', async () => {
    const { fake, call, snapshot } = world.visitor();
    world.store.write('t'.repeat(43));
    const ended = { reason: 'abandoned', at: 1, seconds: 0 } as const;
    fake.server.welcomeView = (hello) =>
      visitorView(
        'resume' in hello && hello.resume === 't'.repeat(43) ? { state: 'ended', ended } : null,
      );
    await call.start(REQUEST);
    await settle();
    expect(snapshot()).to.include({ state: 'queued', position: 2 });
    expect(fake.server.sent('request-call')[0]!.resume).not.to.equal('t'.repeat(43));
  });
});
