import { expect } from '@open-wc/testing';
import { codeOf } from '../../support/error-code.ts';
import { until } from '../../support/fake-clock.ts';
import { CALL_ID } from '../../support/fake-views.ts';
import { REQUEST, VisitorWorld } from './visitor-world.ts';

describe('VisitorCall', () => {
  let world: VisitorWorld;
  beforeEach(() => {
    world = new VisitorWorld();
  });
  afterEach(() => world.end());

  it('stops everything at once when hung up, and tells the server', async () => {
    const { fake, call, snapshot, connect } = world.visitor();
    await connect();
    const left = call.hangUp();
    expect(snapshot()).to.include({ state: 'ended' });
    expect(snapshot().ended?.reason).to.equal('visitor-ended');
    expect(snapshot().local.camera.track === null).to.equal(true);
    await left;
    expect(fake.server.sent('end-call')).to.have.length(1);
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('ends a call that was hung up offline on the server when it is back', async () => {
    const { fake, call, snapshot, connect } = world.visitor();
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

  it('stops trying when the server has ended the call by itself', async () => {
    const { fake, call, connect } = world.visitor();
    await connect();
    fake.server.reachable = false;
    fake.server.cut();
    const left = call.hangUp();
    await fake.clock.advance(60_000);
    await left;
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('ends a request that was cancelled before its answer', async () => {
    const { fake, call, snapshot } = world.visitor();
    fake.server.on('request-call', () => undefined);
    const started = call.start(REQUEST);
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

  it('resolves if a press is cancelled before anything was sent', async () => {
    const { fake, call } = world.visitor();
    const started = call.start(REQUEST);
    await call.hangUp();
    expect(await codeOf(started)).to.equal(null);
    expect(fake.server.opened).to.equal(0);
    expect(fake.leftovers).to.deep.equal([]);
  });

  it('resolves if a press is cancelled before the server was reached', async () => {
    const { fake, call } = world.visitor();
    fake.server.reachable = false;
    const started = call.start(REQUEST);
    await until(() => fake.server.opened > 0);
    await call.hangUp();
    expect(await codeOf(started)).to.equal(null);
    expect(fake.leftovers).to.deep.equal([]);
    fake.server.reachable = true;
    await call.start(REQUEST);
    expect(fake.server.sent('request-call')).to.have.length(1);
  });
});
