import { expect } from '@open-wc/testing';
import type { MediaStart } from '../../../src/media/media.ts';
import { settle } from '../../support/fake-clock.ts';
import { CONNECTED, READY, REQUEST, VisitorWorld } from './visitor-world.ts';

const SIGNAL = { from: 'agent-1', data: { kind: 'offer' } };
const RINGING = { state: 'ringing', iceServers: [] } as const;

describe('The media of a VisitorCall that rings', () => {
  let world: VisitorWorld;
  beforeEach(() => {
    world = new VisitorWorld();
  });
  afterEach(() => world.end());

  it('are prepared once, without an offer of our own, and given to the room with the agent’s signal', async () => {
    const { fake, call, show } = world.visitor();
    await call.start(REQUEST);
    expect(fake.prepared).to.have.length(0);
    await show(RINGING);
    await show({ ...RINGING, agentOnline: false });
    expect(fake.prepared).to.have.length(1);
    expect(fake.prepared[0]!.firstSignal).to.equal(null);
    await show({ ...READY, firstSignal: SIGNAL });
    const { start } = fake.rooms[0]!.options as { start?: MediaStart };
    expect(start!.firstSignal).to.deep.equal(SIGNAL);
    expect((await start!.prepared) === fake.prepared[0]).to.equal(true);
    await show(CONNECTED);
    expect(fake.prepared).to.have.length(1);
  });

  it('are closed if the call goes back to the queue, and prepared again when it rings again', async () => {
    const { fake, call, show } = world.visitor();
    await call.start(REQUEST);
    await show(RINGING);
    await show({ state: 'queued', position: 1 });
    expect(fake.prepared.map(({ open }) => open)).to.deep.equal([false]);
    await show(RINGING);
    expect(fake.prepared.map(({ open }) => open)).to.deep.equal([false, true]);
    await call.hangUp();
    await settle();
    expect(fake.prepared.map(({ open }) => open)).to.deep.equal([false, false]);
  });

  it('are not needed: the room is entered without them', async () => {
    const { fake, call, show } = world.visitor();
    await call.start(REQUEST);
    await show(READY);
    expect(fake.prepared).to.deep.equal([]);
    expect(fake.server.sent('enter-room')).to.have.length(1);
  });

  it('get the agent’s signal once, also if sound and pictures are tried again', async () => {
    const { fake, call, snapshot, show } = world.visitor({}, { refuse: 'media-failed' });
    await call.start(REQUEST);
    await show({ ...READY, firstSignal: SIGNAL });
    await show(CONNECTED);
    await snapshot().room!.retryMedia();
    const starts = fake.rooms.map(({ options }) => options.start?.firstSignal);
    expect(starts).to.deep.equal([SIGNAL, undefined]);
  });
});
