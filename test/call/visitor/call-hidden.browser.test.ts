import { expect } from '@open-wc/testing';
import { CALL_ID } from '../../support/fake-views.ts';
import { CONNECTED, READY, REQUEST, VisitorWorld } from './visitor-world.ts';

const RINGING = { state: 'ringing', iceServers: [] } as const;

describe('A VisitorCall on a hidden page', () => {
  let world: VisitorWorld;
  beforeEach(() => {
    world = new VisitorWorld();
  });
  afterEach(() => world.end());

  /** A call that rings. `show` hides the page, or brings it back. */
  async function ringing() {
    const visitor = world.visitor();
    const page = visitor.fake.parts.platform.page as { hidden: boolean };
    await visitor.call.start(REQUEST);
    await visitor.show(RINGING);
    return { ...visitor, hide: (hidden: boolean) => (page.hidden = hidden) };
  }

  it('enters no room before the visitor joins, and tells the desk once that it calls them back', async () => {
    const { fake, call, snapshot, show, hide } = await ringing();
    hide(true);
    await show(READY);
    await show({ ...READY, agentName: 'Alice' });
    expect(snapshot()).to.include({ state: 'connecting', joinAsked: true, room: null });
    expect(fake.rooms).to.deep.equal([]);
    expect(fake.server.sent('enter-room')).to.deep.equal([]);
    const [report, ...others] = fake.server.sent('report-hidden');
    expect(report).to.include({ callId: CALL_ID });
    expect(others).to.deep.equal([]);
    call.join();
    await show({ ...READY, agentName: 'Alice' });
    expect(snapshot().joinAsked).to.equal(false);
    expect(fake.server.sent('enter-room')).to.have.length(1);
    expect(fake.prepared).to.have.length(1);
    await show(CONNECTED);
    expect(snapshot().state).to.equal('connected');
  });

  it('still asks where the page is seen again', async () => {
    const { fake, snapshot, show, hide } = await ringing();
    hide(true);
    await show(READY);
    hide(false);
    await show({ ...READY, agentName: 'Alice' });
    expect(snapshot().joinAsked).to.equal(true);
    expect(fake.rooms).to.deep.equal([]);
  });

  it('asks anew for the next agent', async () => {
    const { fake, snapshot, show, hide } = await ringing();
    hide(true);
    await show(READY);
    await show({ state: 'queued', position: 1 });
    expect(snapshot().joinAsked).to.equal(false);
    expect(fake.prepared.every(({ open }) => !open)).to.equal(true);
    hide(false);
    await show(READY);
    expect(snapshot().joinAsked).to.equal(false);
    expect(fake.server.sent('enter-room')).to.have.length(1);
  });

  it('stays in the room that it has entered', async () => {
    const { fake, snapshot, show, hide } = await ringing();
    await show(READY);
    hide(true);
    await show({ ...READY, agentName: 'Alice' });
    await show(CONNECTED);
    expect(snapshot()).to.include({ state: 'connected', joinAsked: false });
    expect(fake.server.sent('report-hidden')).to.deep.equal([]);
  });
});
