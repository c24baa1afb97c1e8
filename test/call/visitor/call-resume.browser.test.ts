import { expect } from '@open-wc/testing';
import { codeOf } from '../../support/error-code.ts';
import type { FakeCall } from '../../support/fake-call.ts';
import { settle, until } from '../../support/fake-clock.ts';
import { CALL_ID, visitorView } from '../../support/fake-views.ts';
import { REQUEST, VisitorWorld } from './visitor-world.ts';

/** Lets the time pass for which a press or a load waits for another tab’s lock. */
async function waitForLock({ clock }: FakeCall): Promise<void> {
  for (let i = 0; i < 25; i++) {
    // The browser takes its own time to answer for a lock.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await clock.advance(50);
  }
}

describe('VisitorCall', () => {
  let world: VisitorWorld;
  beforeEach(() => {
    world = new VisitorWorld();
  });
  afterEach(() => world.end());

  it('finds the same call again after a reload', async () => {
    const { fake, call, snapshot } = world.visitor();
    world.store.write('t'.repeat(43));
    fake.server.view = visitorView({ position: 4 });
    expect(await call.resume()).to.equal(true);
    await settle();
    expect(snapshot()).to.include({ state: 'queued', position: 4, callId: CALL_ID });
    expect(snapshot().local.camera.state).to.equal('on');
    expect(fake.server.hellos[0]).to.include({ resume: 't'.repeat(43), fresh: true });
    expect(fake.server.sent('request-call')).to.have.length(0);
  });

  it('is idle after a reload if the call is over, and asks for no device', async () => {
    const { fake, call, snapshot } = world.visitor();
    world.store.write('t'.repeat(43));
    expect(await call.resume()).to.equal(false);
    expect(snapshot()).to.include({ state: 'idle' });
    expect(snapshot().local.camera.state).to.equal('idle');
    expect(world.store.read()).to.equal(null);
    expect(fake.leftovers).to.deep.equal([]);
    expect(await call.resume()).to.equal(false);
  });

  it('stops resuming a call when it is hung up meanwhile', async () => {
    const { fake, call, snapshot } = world.visitor();
    world.store.write('t'.repeat(43));
    fake.server.reachable = false;
    const resumed = call.resume();
    await until(() => fake.server.opened > 0);
    await call.hangUp();
    expect(await resumed).to.equal(false);
    expect(snapshot().state).to.equal('idle');
    expect(fake.leftovers).to.deep.equal([]);
    expect(world.store.read()).to.equal('t'.repeat(43));
  });

  it('starts at once on a press during a resume', async () => {
    const { fake, call, snapshot } = world.visitor();
    world.store.write('t'.repeat(43));
    fake.server.reachable = false;
    const resumed = call.resume();
    await until(() => fake.server.opened > 0);
    const started = call.start(REQUEST);
    expect(snapshot().state).to.equal('queued');
    fake.server.reachable = true;
    expect(await resumed).to.equal(false);
    await started;
    expect(fake.server.sent('request-call')).to.have.length(1);
    expect(snapshot().state).to.equal('queued');
  });

  it('is free again when the tab with the call is gone, after this one said that it is in use there', async () => {
    const first = world.visitor();
    await first.call.start(REQUEST);
    await settle();
    const other = world.visitor();
    const refused = codeOf(other.call.start(REQUEST));
    await waitForLock(other.fake);
    expect(await refused).to.equal('signed-in-elsewhere');
    await first.call.hangUp();
    await until(() => other.snapshot().state === 'idle');
    expect(other.snapshot().error).to.equal(null);
  });

  it('lets one tab hold the call; another tab fails and may take it over', async () => {
    const { fake, call, snapshot } = world.visitor();
    await call.start(REQUEST);
    await settle();
    const other = world.visitor();
    const refused = codeOf(other.call.start(REQUEST));
    await waitForLock(other.fake);
    expect(await refused).to.equal('signed-in-elsewhere');
    expect(other.call.getSnapshot()).to.include({ state: 'failed', error: 'signed-in-elsewhere' });
    expect(other.fake.leftovers).to.deep.equal([]);
    const resumed = other.call.resume();
    await waitForLock(other.fake);
    expect(await resumed).to.equal(false);
    other.fake.server.view = visitorView({ position: 2 });
    await other.call.takeOver();
    await settle();
    expect(other.call.getSnapshot()).to.include({ state: 'queued', position: 2 });
    expect(other.fake.server.sent('request-call')).to.have.length(0);
    expect(snapshot()).to.include({ state: 'failed', error: 'signed-in-elsewhere' });
    expect(fake.leftovers).to.deep.equal([]);
    expect(fake.server.sent('end-call')).to.have.length(0);
    expect(world.store.read()).not.to.equal(null);
  });
});
