import { expect } from '@open-wc/testing';
import type { MediaRoom } from '../../../src/media/media.ts';
import { TrtcRoom, type TrtcTicket } from '../../../src/media/trtc/room.ts';
import type { TrtcSdk } from '../../../src/media/trtc/sdk.ts';
import type { RtcDeskError } from '../../../src/protocol/errors.ts';
import type { Ticket } from '../../../src/protocol/views.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { FakeLocalMedia } from '../../support/fake-local-media.ts';
import { ticket } from '../../support/fake-views.ts';
import { TrtcCloud, type TrtcStandIn } from '../../support/trtc-stand-in.ts';

export const media = (userSig: string): TrtcTicket => ({
  provider: 'trtc',
  sdkAppId: 1400000001,
  userSig,
  privateMapKey: `key of ${userSig}`,
});

export interface Member {
  readonly room: TrtcRoom;
  readonly local: FakeLocalMedia;
  readonly sdk: TrtcStandIn;
}

export const remoteOf = ({ room }: Member) => room.getSnapshot().remotes[0];

/** The error of a room that was not entered. */
export async function failureOf(room: TrtcRoom): Promise<RtcDeskError> {
  const [error] = await Promise.all([
    room.enter().then(
      () => expect.fail('it was let in'),
      (reason: RtcDeskError) => reason,
    ),
    settle(),
  ]);
  await settle();
  return error;
}

/** A cloud and the people of its room, for one test. */
export class TrtcWorld {
  readonly cloud = new TrtcCloud();
  readonly clock = new FakeClock();
  readonly members: { room: MediaRoom; local: FakeLocalMedia }[] = [];
  renewals = 0;
  /** The desk's answer to a request for a fresh ticket. */
  renewal: () => Promise<Ticket> = async () => ticket('ann', { media: media('renewed') });

  make(self: string, load: () => Promise<TrtcSdk> = async () => this.cloud) {
    const local = new FakeLocalMedia();
    const { clock } = this;
    const room = new TrtcRoom({
      ...{ self, room: 4711, local, clock, load, ticket: media('first') },
      sendSignal: () => expect.fail('TRTC has signals of its own'),
      renewTicket: () => (this.renewals++, this.renewal()),
    });
    this.members.push({ room, local });
    return { room, local };
  }

  /** Adds somebody to the room, with their devices on. */
  async enter(self: string): Promise<Member> {
    const { room, local } = this.make(self);
    await local.start();
    await room.enter();
    await settle();
    return { room, local, sdk: this.cloud.instances.at(-1)! };
  }

  /** Everybody leaves. No rule of the SDK was broken, and nothing of it is left. */
  async end(): Promise<void> {
    for (const { room, local } of this.members) {
      await room.leave();
      local.stop();
    }
    expect(this.cloud.violations).to.deep.equal([]);
    expect(this.cloud.instances.filter(({ destroyed }) => !destroyed)).to.have.length(0);
    expect(this.clock.pending).to.equal(0);
  }
}
