import { expect, waitUntil } from '@open-wc/testing';
import { RtcDeskError } from '../../src/protocol/errors.ts';
import type { LocalMedia } from '../../src/media/local-media.ts';
import type { MediaRoom, MediaRoomOptions, RemoteMedia } from '../../src/media/media.ts';
import { SignalBus } from '../support/signal-bus.ts';
import { countFrames } from '../support/count-frames.ts';

/** What the suite needs to know of an adapter. */
export interface MediaRoomUnderTest {
  readonly name: string;
  make(options: Omit<MediaRoomOptions<unknown>, 'ticket'>): MediaRoom;
  /** With a screen that can be started outside of a click. */
  makeLocal(): LocalMedia;
  /** Whether sound and signals truly travel: a stand-in's do not. */
  readonly real: boolean;
}

export interface Member {
  readonly id: string;
  readonly room: MediaRoom;
  readonly local: LocalMedia;
}

let lastRoom = 0;

/** The people of one test, in one room. `close` lets everything go. */
export class Gathering {
  readonly bus = new SignalBus();
  readonly members: Member[] = [];
  readonly #room = ++lastRoom;

  constructor(readonly adapter: MediaRoomUnderTest) {}

  /** Somebody with running devices, who is not in the room yet. */
  async invite(id: string, options: object = {}): Promise<Member> {
    const local = this.adapter.makeLocal();
    await local.start();
    const sendSignal = this.bus.sender(id);
    const renewTicket = () => Promise.reject(new RtcDeskError('conflict'));
    const own = { self: id, room: this.#room, local, sendSignal, renewTicket };
    const room = this.adapter.make({ ...own, ...options });
    const member = { id, room, local };
    this.members.push(member);
    return member;
  }

  async enter(id: string, options: object = {}): Promise<Member> {
    const member = await this.invite(id, options);
    await member.room.enter();
    this.bus.add(id, member.room);
    return member;
  }

  async close(): Promise<void> {
    for (const { room, local } of this.members) {
      await room.leave();
      local.stop();
    }
    this.bus.close();
  }
}

export function remoteOf(member: Member, id: string): RemoteMedia | undefined {
  return member.room.getSnapshot().remotes.find((remote) => remote.id === id);
}

/** Waits until `member` has of `id` what `condition` asks for. */
export async function sees(
  member: Member,
  id: string,
  what: string,
  condition: (remote: RemoteMedia) => boolean,
): Promise<void> {
  const met = () => {
    const remote = remoteOf(member, id);
    return remote !== undefined && condition(remote);
  };
  await waitUntil(met, `${member.id} sees ${id}: ${what}`, { timeout: 15_000 });
}

/**
 * Waits until `member` sees the camera of `id` move. A connection that is replaced meanwhile ends its track; then the
 * track of the next connection is watched.
 */
export async function seesMoving(member: Member, id: string): Promise<void> {
  for (;;) {
    await sees(member, id, 'a camera', ({ camera }) => camera?.readyState === 'live');
    const camera = remoteOf(member, id)!.camera!;
    try {
      return await countFrames(camera, 3);
    } catch (error) {
      if (camera.readyState !== 'ended') throw error;
    }
  }
}

/** What every adapter promises, told by the MediaRoom interface alone. */
export function mediaRoomSuite(adapter: MediaRoomUnderTest): void {
  describe(`${adapter.name} as a MediaRoom`, () => {
    let gathering: Gathering;
    beforeEach(() => (gathering = new Gathering(adapter)));
    afterEach(() => gathering.close());

    it('is entered alone', async () => {
      const ann = await gathering.enter('ann');
      expect(ann.room.getSnapshot()).to.include({ state: 'entered', error: null });
      expect(ann.room.getSnapshot().remotes).to.deep.equal([]);
    });

    it('moves pictures both ways, and notes the first frame', async () => {
      const ann = await gathering.enter('ann');
      const bob = await gathering.enter('bob');
      await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
      await sees(ann, 'bob', 'connected', ({ state }) => state === 'connected');
      await waitUntil(() => ann.room.getSnapshot().firstFrameAt !== null, 'the first frame');
      await waitUntil(() => bob.room.getSnapshot().firstFrameAt !== null, 'the first frame');
      expect(ann.room.getSnapshot().firstFrameAt).to.be.at.most(performance.now());
    });

    it('connects those who enter at the same moment', async () => {
      const ann = await gathering.invite('ann');
      const bob = await gathering.invite('bob');
      await Promise.all([ann.room.enter(), bob.room.enter()]);
      gathering.bus.addTogether({ ann: ann.room, bob: bob.room });
      await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
    });

    it('shows three each other, also the one who comes late', async () => {
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await seesMoving(ann, 'bob');
      const cyd = await gathering.enter('cyd');
      await Promise.all([
        seesMoving(cyd, 'ann'),
        seesMoving(cyd, 'bob'),
        seesMoving(ann, 'cyd'),
        seesMoving(bob, 'cyd'),
      ]);
      expect(ann.room.getSnapshot().remotes).to.have.length(2);
    });

    it('tells the others of a muted microphone and a camera that is off', async () => {
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await sees(bob, 'ann', 'both on', ({ cameraOn, microphoneOn }) => cameraOn && microphoneOn);
      await ann.local.setMicrophoneOn(false);
      await sees(bob, 'ann', 'muted', ({ microphoneOn }) => !microphoneOn);
      await ann.local.setCameraOn(false);
      await sees(bob, 'ann', 'no camera', ({ cameraOn, camera }) => !cameraOn && camera === null);
      await ann.local.setMicrophoneOn(true);
      await ann.local.setCameraOn(true);
      await sees(bob, 'ann', 'heard again', ({ microphoneOn }) => microphoneOn);
      await seesMoving(bob, 'ann');
    });

    it('brings a shared screen as a track of its own, and takes it away', async () => {
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await seesMoving(bob, 'ann');
      await ann.local.startScreen();
      await sees(bob, 'ann', 'a screen', ({ screen }) => screen !== null);
      const { camera, screen } = remoteOf(bob, 'ann')!;
      expect(screen).to.not.equal(camera);
      await countFrames(screen!, 3);
      ann.local.stopScreen();
      await sees(bob, 'ann', 'no screen', (remote) => remote.screen === null);
    });

    it('goes on with another camera', async () => {
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await seesMoving(bob, 'ann');
      const before = ann.local.getSnapshot().camera.track;
      await ann.local.useCamera(ann.local.getSnapshot().cameras.at(-1)!.deviceId);
      expect(ann.local.getSnapshot().camera.track).to.not.equal(before);
      await seesMoving(bob, 'ann');
    });

    it('shows a camera that is there only after entering', async () => {
      const ann = await gathering.invite('ann');
      ann.local.stop();
      await ann.room.enter();
      gathering.bus.add('ann', ann.room);
      const bob = await gathering.enter('bob');
      await sees(ann, 'bob', 'connected', ({ state }) => state === 'connected');
      await ann.local.start();
      await seesMoving(bob, 'ann');
    });

    it('lets the others see somebody go, and sends nothing to them any more', async () => {
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await seesMoving(ann, 'bob');
      await bob.room.leave();
      gathering.bus.remove('bob');
      await waitUntil(() => ann.room.getSnapshot().remotes.length === 0);
      expect(bob.room.getSnapshot()).to.deep.include({ state: 'left', remotes: [] });
      const { state } = bob.local.getSnapshot().camera;
      expect(state, 'the devices are not the room’s to stop').to.equal('on');
      const sent = gathering.bus.sent.get('bob') ?? 0;
      await bob.local.setMicrophoneOn(false);
      expect(gathering.bus.sent.get('bob') ?? 0).to.equal(sent);
    });

    it('is left twice like once, and not entered again', async () => {
      const ann = await gathering.enter('ann');
      await ann.room.leave();
      await ann.room.leave();
      const error: unknown = await ann.room.enter().catch((reason: unknown) => reason);
      expect(error).to.include({ name: 'RtcDeskError', code: 'media-failed' });
    });

    it('leaves no track alive after leaving and stopping the devices', async () => {
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await ann.local.startScreen();
      await seesMoving(bob, 'ann');
      const { camera, microphone, screen } = ann.local.getSnapshot();
      await ann.room.leave();
      ann.local.stop();
      const tracks = [camera.track, microphone.track, screen.track];
      expect(tracks.map((track) => track!.readyState)).to.deep.equal(['ended', 'ended', 'ended']);
    });

    it('gives the same snapshot as long as nothing changed', async () => {
      const ann = await gathering.enter('ann');
      expect(ann.room.getSnapshot()).to.equal(ann.room.getSnapshot());
      expect(Object.isFrozen(ann.room.getSnapshot())).to.equal(true);
    });

    if (!adapter.real) return;

    it('lets sound be heard, and measures it', async () => {
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await sees(ann, 'bob', 'a level', ({ level }) => level > 0);
      await sees(bob, 'ann', 'a level', ({ level }) => level > 0);
    });

    it('knows how good the connection is on both sides', async () => {
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await sees(ann, 'bob', 'a quality', ({ quality }) => quality > 0);
      await waitUntil(() => bob.room.getSnapshot().quality > 0, 'a quality', { timeout: 15_000 });
    });

    it('connects over signals that come late and in another order', async () => {
      let count = 0;
      gathering.bus.fate = () => ((count += 1) % 3 === 0 ? 5 : 120);
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
    });

    it('connects although two of five signals are lost', async () => {
      // A fixed sequence without a short period: one with a period of two could lose every answer for ever.
      let state = 7;
      gathering.bus.fate = () => {
        state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
        return state / 2 ** 31 < 0.4 ? 'lost' : 0;
      };
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
    });

    it('goes on without signaling, and says afterwards what was changed meanwhile', async () => {
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await seesMoving(bob, 'ann');
      gathering.bus.cut('ann');
      await ann.local.setMicrophoneOn(false);
      await seesMoving(bob, 'ann');
      expect(remoteOf(bob, 'ann')!.microphoneOn).to.equal(true);
      gathering.bus.restore('ann');
      await sees(bob, 'ann', 'muted', ({ microphoneOn }) => !microphoneOn);
    });

    it('connects after signaling that was away from before the first offer', async () => {
      const ann = await gathering.enter('ann');
      gathering.bus.cut('ann');
      const bob = await gathering.enter('bob');
      gathering.bus.restore('ann');
      await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
    });

    it('ignores what is no signal', async () => {
      const [ann, bob] = [await gathering.enter('ann'), await gathering.enter('bob')];
      await seesMoving(ann, 'bob');
      const strange = [null, 7, 'offer', {}, { kind: 'offer' }, { kind: 'candidate', by: 'bob' }];
      for (const data of strange) ann.room.handleSignal('bob', data);
      ann.room.handleSignal('nobody', { kind: 'bye' });
      expect(remoteOf(ann, 'bob')!.state).to.equal('connected');
      await seesMoving(bob, 'ann');
    });
  });
}
