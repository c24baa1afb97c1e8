import { expect } from '@open-wc/testing';
import { VisitorCall } from '../../../src/call/visitor/call.ts';
import type { VisitorCallView } from '../../../src/protocol/views.ts';
import { settle } from '../../support/fake-clock.ts';
import { CALL_ID, room, ROOM, ticket, visitorView } from '../../support/fake-views.ts';
import { forgetStorage } from '../../support/forget-storage.ts';
import { TrtcCall } from '../../support/trtc-call.ts';
import { REQUEST } from './visitor-world.ts';

const SERVER = 'https://desk.example.com';
const media = { provider: 'trtc', sdkAppId: 1, userSig: 's', privateMapKey: 'k' } as const;
const READY = {
  state: 'ready',
  rooms: [room(['agent-1'], { ticket: ticket('visitor-1', { media }) })],
} as const;

describe('A VisitorCall at TRTC', () => {
  const site = `site-${crypto.randomUUID()}`;
  let fake: TrtcCall;
  let call: VisitorCall;

  const atTrtc = (change: Partial<VisitorCallView> | null) => {
    const view = visitorView(change);
    return { ...view, site: { ...view.site, media: 'trtc' as const } };
  };
  const show = async (change: Partial<VisitorCallView>) => {
    fake.server.show(atTrtc(change));
    await settle();
  };

  beforeEach(async () => {
    fake = new TrtcCall();
    fake.server.view = atTrtc(null);
    fake.server.on('request-call', () => {
      fake.server.show(atTrtc({ position: 1 }));
      return { callId: CALL_ID };
    });
    call = new VisitorCall({ server: SERVER, site }, fake.parts);
    await call.start(REQUEST);
    await settle();
  });
  afterEach(async () => {
    void call.hangUp();
    await fake.clock.advance(70_000);
    expect(fake.leftovers).to.deep.equal([]);
    forgetStorage(`rtc-desk:resume:${SERVER}/:${site}`);
  });

  it('makes SDK, instance and devices ready while it rings, and enters at `ready`', async () => {
    expect(fake.trace).to.deep.equal(['devices open']);
    await show({ state: 'ringing' });
    await show({ state: 'ringing', agentOnline: false });
    expect(fake.trace).to.deep.equal(['devices open', 'SDK loaded', 'instance made']);
    fake.server.on('enter-room', () => expect.fail('the cloud is entered first'));
    fake.cloud.admit = () => new Promise(() => void fake.trace.push('enterRoom begun'));
    await show(READY);
    expect(fake.trace.slice(3)).to.deep.equal(['enterRoom begun']);
    expect(fake.cloud.entered[0]).to.include({ roomId: ROOM, userId: 'visitor-1' });
    expect(fake.cloud.instances).to.have.length(1);
  });

  it('ends the instance if the call goes back to the queue', async () => {
    await show({ state: 'ringing' });
    await show({ state: 'queued', position: 1 });
    expect(fake.cloud.instances.map(({ destroyed }) => destroyed)).to.deep.equal([true]);
    expect(fake.cloud.entered).to.deep.equal([]);
  });
});
