import { expect } from '@open-wc/testing';
import { ResumeStore } from '../../../src/call/visitor/resume-store.ts';
import { takeHandOver } from '../../../src/call/visitor/take-hand-over.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { codeOf } from '../../support/error-code.ts';
import { FakeCall } from '../../support/fake-call.ts';
import { CALL_ID, visitorView } from '../../support/fake-views.ts';
import { forgetStorage } from '../../support/forget-storage.ts';
import { VisitorWorld } from './visitor-world.ts';

const SERVER = 'https://desk.example.com';
const CODE = 'A'.repeat(22);

describe('A call that is handed over', () => {
  let world: VisitorWorld;
  beforeEach(() => {
    world = new VisitorWorld();
  });
  afterEach(() => world.end());

  it('asks for a code, whose time is by this device’s clock', async () => {
    const { fake, call, connect } = world.visitor();
    expect(await codeOf(call.offerHandOver())).to.equal('conflict');
    await connect();
    fake.server.on('offer-hand-over', () => ({ code: CODE, expiresAt: 1_800_000_120_000 }));
    const offered = await call.offerHandOver();
    expect(offered.code).to.equal(CODE);
    expect(fake.server.sent('offer-hand-over')).to.have.length(1);
  });

  it('ends on the first device, which forgets the call', async () => {
    const { fake, snapshot, connect } = world.visitor();
    await connect();
    fake.server.cut(4409, 'handed-over');
    expect(snapshot()).to.include({ state: 'failed', error: 'handed-over' });
    expect(fake.leftovers).to.deep.equal([]);
    expect(world.store.read()).to.equal(null);
  });
});

describe('The other device', () => {
  let site: string;
  let fake: FakeCall;
  let store: ResumeStore;
  beforeEach(() => {
    site = `site-${crypto.randomUUID()}`;
    fake = new FakeCall();
    fake.server.view = visitorView(null);
    store = new ResumeStore(fake.parts.platform, SERVER, site);
  });
  afterEach(() => {
    expect(fake.leftovers).to.deep.equal([]);
    forgetStorage(`rtc-desk:resume:${SERVER}/:${site}`);
  });
  const take = () => takeHandOver({ server: SERVER, site, code: CODE }, fake.parts);

  it('takes the call with a token of its own, and stores it before it is sent', async () => {
    let stored: string | null = null;
    fake.server.on('take-hand-over', () => {
      stored = store.read();
      return { callId: CALL_ID };
    });
    await take();
    const [sent] = fake.server.sent('take-hand-over');
    expect(sent).to.include({ code: CODE, resume: stored });
    expect(sent!.resume).to.match(/^[A-Za-z0-9_-]{43}$/);
    expect(store.read()).to.equal(sent!.resume);
    expect(fake.server.hellos[0]).not.to.have.property('resume');
  });

  it('keeps what it had stored where the code is refused', async () => {
    fake.server.on('take-hand-over', () => {
      throw new RtcDeskError('not-found');
    });
    expect(await codeOf(take())).to.equal('not-found');
    expect(store.read()).to.equal(null);
    store.write('of another call');
    expect(await codeOf(take())).to.equal('not-found');
    expect(store.read()).to.equal('of another call');
  });
});
