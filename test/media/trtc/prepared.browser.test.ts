import { expect } from '@open-wc/testing';
import { openTrtcRoom, prepareTrtc } from '../../../src/media/trtc/prepared.ts';
import { settle } from '../../support/fake-clock.ts';
import { FakeLocalMedia } from '../../support/fake-local-media.ts';
import { ticket } from '../../support/fake-views.ts';
import { sdkError, TrtcCloud } from '../../support/trtc-stand-in.ts';
import { media } from './trtc-world.ts';

describe('PreparedTrtc', () => {
  let cloud: TrtcCloud;
  const local = new FakeLocalMedia();
  beforeEach(() => {
    cloud = new TrtcCloud();
  });
  afterEach(() => {
    expect(cloud.violations).to.deep.equal([]);
    expect(cloud.instances.map(({ destroyed }) => destroyed)).to.not.include(false);
  });

  const entry = { ticket: ticket('agent-1', { media: media('first') }), local };
  const load = async () => cloud;
  const options = (self: string) => ({
    ...{ self, room: entry.ticket.room, local, ticket: media('first') },
    sendSignal: () => expect.fail('TRTC has signals of its own'),
    renewTicket: async () => ticket(self, { media: media('renewed') }),
  });

  it('gives its instance to the room', async () => {
    const room = openTrtcRoom(options('visitor-1'), await prepareTrtc(undefined, load));
    await room.enter();
    expect(cloud.instances).to.have.length(1);
    expect(cloud.entered[0]).to.include({ userId: 'visitor-1', userSig: 'first' });
    await room.leave();
  });

  it('goes on with what it has begun, and has an expired ticket renewed once the room is opened', async () => {
    cloud.admit = ({ userSig }) => {
      if (userSig === 'first') throw sdkError(5500, undefined, { extraCode: 70001 });
    };
    const prepared = await prepareTrtc(entry, load);
    prepared.begin();
    await settle();
    expect(cloud.entered.map(({ userSig }) => userSig)).to.deep.equal(['first']);
    const room = openTrtcRoom(options('agent-1'), prepared);
    await room.enter();
    expect(cloud.entered.map(({ userSig }) => userSig)).to.deep.equal(['first', 'renewed']);
    expect(room.getSnapshot().state).to.equal('entered');
    await room.leave();
  });

  it('ends its instance if no room takes it, before and after it has begun', async () => {
    const [first, second] = [await prepareTrtc(entry, load), await prepareTrtc(entry, load)];
    first.close();
    second.begin();
    await settle();
    second.close();
    await settle();
    expect(cloud.members(entry.ticket.room).size).to.equal(0);
  });

  it('enters as another participant with another instance', async () => {
    const prepared = await prepareTrtc(entry, load);
    prepared.begin();
    await settle();
    const room = openTrtcRoom(options('agent-2'), prepared);
    await settle();
    expect(cloud.members(entry.ticket.room).size).to.equal(0);
    expect(room.getSnapshot().state).to.equal('idle');
    await room.leave();
  });

  it('closes what was prepared for other media', async () => {
    let closed = 0;
    const room = openTrtcRoom(options('visitor-1'), { close: () => (closed += 1) });
    expect(closed).to.equal(1);
    await room.leave();
  });
});
