import { expect } from '@open-wc/testing';
import { AgentDesk } from '../../../src/call/agent/desk.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { LegView } from '../../../src/protocol/views.ts';
import { codeOf } from '../../support/error-code.ts';
import { FakeCall } from '../../support/fake-call.ts';
import { settle } from '../../support/fake-clock.ts';
import { agentView, CALL_ID, leg, LEG_ID, room, ROOM, ticket } from '../../support/fake-views.ts';
import { forgetStorage } from '../../support/forget-storage.ts';

const RINGING = leg({ iceServers: [] });
const rooms = [room(['agent-1'], { ticket: ticket('agent-1') })];
const JOINED = leg({ state: 'joined', acceptedAt: 1, rooms }, { state: 'ready' });

describe('AgentDesk, accepting on the built-in media', () => {
  let fake: FakeCall;
  let desk: AgentDesk;

  beforeEach(async () => {
    fake = new FakeCall();
    fake.server.view = agentView();
    desk = new AgentDesk({ server: 'https://desk.example.com' }, fake.parts);
    await desk.signIn({ token: 'h.e30.s' });
    await settle();
  });
  afterEach(async () => {
    desk.disconnect();
    await settle();
    expect(fake.leftovers).to.deep.equal([]);
    forgetStorage('rtc-desk:agent:');
  });

  const show = async (one: LegView | null, activeTab = true) => {
    fake.server.show(agentView({ legs: one ? [one] : [], activeTab }));
    await settle();
  };
  /** The server lets the agent in with the accept. The view comes before the result. */
  const letIn = (entered = true) =>
    fake.server.on('accept-offer', () => {
      fake.server.show(agentView({ legs: [JOINED] }));
      return { callId: CALL_ID, legId: LEG_ID, room: ROOM, entered };
    });

  it('prepares an offer while it rings, in the active tab alone', async () => {
    await show(RINGING, false);
    expect(fake.prepared).to.deep.equal([]);
    await show(RINGING);
    await show(RINGING);
    expect(fake.prepared).to.have.length(1);
    expect(fake.local.getSnapshot().camera.state, 'no light before the accept').to.equal('idle');
    await show(null);
    expect(fake.prepared[0]!.open).to.equal(false);
  });

  it('sends it with the accept, and is in the room without a further command', async () => {
    letIn();
    await show(RINGING);
    await desk.accept();
    await settle();
    expect(fake.server.sent('accept-offer')[0]).to.deep.include({
      firstSignal: { hello: 'visitor' },
    });
    expect(fake.server.sent('enter-room')).to.deep.equal([]);
    expect(desk.getSnapshot().room!.getSnapshot().state).to.equal('joined');
    expect((await fake.rooms[0]!.options.start!.prepared) === fake.prepared[0]).to.equal(true);
    expect(fake.prepared).to.have.length(1);
  });

  it('sends signals at once, and enters again after a reconnect', async () => {
    letIn();
    await show(RINGING);
    await desk.accept();
    await settle();
    fake.rooms[0]!.options.sendSignal('visitor-1', 'candidate');
    expect(fake.server.notices).to.have.length(1);
    fake.server.cut();
    await fake.clock.advance(1_000);
    expect(fake.server.sent('enter-room')).to.have.length(1);
    expect(fake.rooms[0]!.calls).to.deep.equal(['signaling restored']);
  });

  it('enters with a command where the socket was lost before the room was opened', async () => {
    fake.server.on('accept-offer', () => {
      fake.server.show(agentView({ legs: [JOINED] }));
      return undefined;
    });
    await show(RINGING);
    const accepted = desk.accept();
    await settle();
    fake.server.cut();
    letIn(false);
    await fake.clock.advance(1_000);
    await accepted;
    await settle();
    expect(fake.server.sent('accept-offer')).to.have.length(2);
    expect(fake.server.sent('enter-room')).to.have.length(1);
    expect(fake.prepared.map(({ open }) => open)).to.deep.equal([false]);
  });

  it('enters with a command if the server did not let it in', async () => {
    letIn(false);
    await show(RINGING);
    await desk.accept();
    await settle();
    expect(fake.server.sent('enter-room')).to.have.length(1);
    expect(fake.prepared.map(({ open }) => open)).to.deep.equal([false]);
    expect(fake.rooms[0]!.options.start).to.equal(undefined);
  });

  it('accepts without an offer if none can be had, and if it takes too long', async () => {
    const { prepareMedia } = fake.parts.adapters;
    for (const slow of [async () => null, () => new Promise<null>(() => {})]) {
      fake.parts.adapters.prepareMedia = slow;
      await show(null);
      await show(RINGING);
      const accepted = desk.accept();
      await fake.clock.advance(1_000);
      await accepted;
      expect(fake.server.sent('accept-offer').at(-1)).to.not.have.property('firstSignal');
    }
    fake.parts.adapters.prepareMedia = prepareMedia;
  });

  it('closes the offer if the accept is refused', async () => {
    fake.server.on('accept-offer', () => {
      throw new RtcDeskError('conflict');
    });
    await show(RINGING);
    expect(await codeOf(desk.accept())).to.equal('conflict');
    expect(fake.prepared[0]!.open).to.equal(false);
    await show(null);
  });
});
