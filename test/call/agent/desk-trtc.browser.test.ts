import { expect } from '@open-wc/testing';
import { AgentDesk } from '../../../src/call/agent/desk.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { LegView } from '../../../src/protocol/views.ts';
import { codeOf } from '../../support/error-code.ts';
import { settle } from '../../support/fake-clock.ts';
import { agentView, CALL_ID, leg, LEG_ID, room, ROOM, ticket } from '../../support/fake-views.ts';
import { forgetStorage } from '../../support/forget-storage.ts';
import { TrtcCall } from '../../support/trtc-call.ts';

const media = { provider: 'trtc', sdkAppId: 1, userSig: 's', privateMapKey: 'k' } as const;
const roomOf = (number = ROOM) =>
  room([], { number, ticket: ticket('agent-1', { room: number, media }) });
const RINGING = leg({ rooms: [roomOf()] });
const accepted = (number = ROOM) =>
  leg({ state: 'accepted', acceptedAt: 1, rooms: [roomOf(number)] }, { state: 'accepted' });

describe('AgentDesk, accepting at TRTC', () => {
  let fake: TrtcCall;
  let desk: AgentDesk;

  beforeEach(async () => {
    fake = new TrtcCall();
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
  const camera = () => fake.local.getSnapshot().camera.state;
  /** The server's answer to the accept, with the agent's view before it. */
  const answer = async (number = ROOM) => {
    await show(accepted(number));
    const { id } = fake.server.sent('accept-offer')[0]!;
    const value = { callId: CALL_ID, legId: LEG_ID, room: number, entered: false };
    fake.trace.push('result of the accept');
    fake.server.send({ type: 'result', id, ok: true, value });
    await settle();
  };
  const press = async () => {
    fake.server.on('accept-offer', () => void fake.trace.push('accept sent'));
    const accepting = desk.accept();
    await settle();
    return accepting;
  };

  it('makes everything ready while it rings, and enters with the accept, before its result', async () => {
    fake.trace.push('offer');
    await show(RINGING);
    expect(fake.cloud.entered, 'only the accept enters').to.deep.equal([]);
    const accepting = desk.accept();
    fake.server.on('accept-offer', () => void fake.trace.push('accept sent'));
    await settle();
    expect(
      fake.server.sent('enter-room'),
      'the agent is in the call after the accept',
    ).to.have.length(0);
    await answer();
    await accepting;
    const [offer, ...order] = fake.trace;
    expect(offer).to.equal('offer');
    expect(order.slice(0, 3).sort()).to.deep.equal(['SDK loaded', 'devices open', 'instance made']);
    expect(order.slice(3)).to.deep.equal([
      'accept sent',
      'enterRoom begun',
      'result of the accept',
    ]);
    expect(fake.cloud.entered[0]).to.include({ roomId: ROOM, userId: 'agent-1' });
    expect(fake.cloud.instances).to.have.length(1);
    expect(fake.server.sent('enter-room')).to.have.length(1);
    expect(fake.media[0]!.getSnapshot().state).to.equal('entered');
    expect(fake.cloud.instances[0]!.sends).to.deep.equal(['main', 'sound']);
  });

  it('sends no picture before the server’s answer', async () => {
    await show(RINGING);
    const accepting = press();
    await settle();
    expect(fake.cloud.entered).to.have.length(1);
    expect(fake.cloud.instances[0]!.sends).to.deep.equal([]);
    await answer();
    await accepting;
  });

  it('switches the camera off if the offer is declined, missed or withdrawn, or goes to another tab', async () => {
    fake.server.on('decline-offer', () => {
      fake.server.show(agentView());
      return null;
    });
    const inOtherTab = leg({ rooms: [room([])] });
    for (const end of [() => desk.decline(), () => show(null), () => show(inOtherTab, false)]) {
      await show(RINGING);
      expect(camera()).to.equal('on');
      await end();
      await settle();
      expect(camera()).to.equal('idle');
      await show(null);
    }
    expect(fake.cloud.entered).to.deep.equal([]);
    expect(fake.cloud.instances.map(({ destroyed }) => destroyed)).not.to.include(false);
  });

  it('switches the camera off while the desk cannot hear of the offer’s end', async () => {
    await show(RINGING);
    fake.server.reachable = false;
    fake.server.cut();
    await settle();
    expect(camera()).to.equal('idle');
    fake.server.reachable = true;
    await fake.clock.advance(5_000);
    expect(camera()).to.equal('on');
  });

  it('leaves the cloud’s room and the devices if the accept is refused', async () => {
    await show(RINGING);
    fake.server.on('accept-offer', () => {
      fake.server.show(agentView());
      throw new RtcDeskError('conflict');
    });
    expect(await codeOf(desk.accept())).to.equal('conflict');
    await settle();
    expect(fake.cloud.entered).to.have.length(1);
    expect(fake.cloud.members(ROOM).size).to.equal(0);
    expect(fake.cloud.instances[0]!.destroyed).to.equal(true);
    expect(camera()).to.equal('idle');
  });

  it('enters the room that the answer names, if that is another one', async () => {
    await show(RINGING);
    const accepting = press();
    await settle();
    await answer(815);
    await accepting;
    await settle();
    expect(fake.cloud.members(ROOM).size).to.equal(0);
    expect([...fake.cloud.members(815).keys()]).to.deep.equal(['agent-1']);
  });

  it('falls back if the cloud cannot be reached, but not before it is in the call', async () => {
    fake.cloud.admit = () => {
      throw new RtcDeskError('media-blocked');
    };
    await show(RINGING);
    const accepting = press();
    await settle();
    expect(fake.server.sent('fall-back')).to.deep.equal([]);
    await answer();
    await accepting;
    expect(fake.server.sent('fall-back')).to.have.length(1);
  });
});
