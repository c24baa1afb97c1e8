import { expect, waitUntil } from '@open-wc/testing';
import { MeshRoom } from '../../../src/media/mesh/room.ts';
import { RtcDeskError } from '../../../src/protocol/errors.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeLocalMedia } from '../../support/fake-local-media.ts';
import type { RoomGroup } from '../media-room-suite.ts';
import { remoteOf, sees, seesMoving, type Member } from '../media-room-suite.ts';
import { meshGroup } from './mesh-group.ts';

/** Records every connection that a room made. */
class Connections {
  readonly made: RTCPeerConnection[] = [];
  readonly connect = (configuration: RTCConfiguration): RTCPeerConnection => {
    const connection = new RTCPeerConnection(configuration);
    this.made.push(connection);
    return connection;
  };

  /** The present connection. */
  get current(): RTCPeerConnection {
    return this.made.at(-1)!;
  }

  /** Makes the present connection report another state. */
  pretend(state: RTCPeerConnectionState): void {
    const { current } = this;
    Object.defineProperty(current, 'connectionState', { get: () => state, configurable: true });
    current.dispatchEvent(new Event('connectionstatechange'));
  }

  /** Makes it report its real state again. */
  admit(): void {
    const { current } = this;
    delete (current as { connectionState?: RTCPeerConnectionState }).connectionState;
    current.dispatchEvent(new Event('connectionstatechange'));
  }
}

function iceName(connection: RTCPeerConnection): string {
  return /a=ice-ufrag:(\S+)/.exec(connection.localDescription!.sdp)![1]!;
}

describe('MeshRoom when a connection breaks', () => {
  let group: RoomGroup;
  let clock: FakeClock;
  let ofAnn: Connections;
  let ofBob: Connections;
  let ann: Member;
  let bob: Member;

  async function connectBoth(annsClock?: FakeClock): Promise<void> {
    ann = await group.enter('ann', {
      connect: ofAnn.connect,
      ...(annsClock ? { clock: annsClock } : {}),
    });
    bob = await group.enter('bob', { connect: ofBob.connect });
    for (const [one, other] of [
      [ann, 'bob'],
      [bob, 'ann'],
    ] as const) {
      await sees(one, other, 'connected', ({ state }) => state === 'connected');
    }
  }

  beforeEach(() => {
    clock = new FakeClock();
    ofAnn = new Connections();
    ofBob = new Connections();
    group = meshGroup();
  });
  afterEach(() => group.close());

  it('shows it at once, and restarts ICE on the same connection after 2.5 s', async () => {
    await connectBoth(clock);
    const [connection, before] = [ofAnn.current, iceName(ofAnn.current)];
    ofAnn.pretend('disconnected');
    expect(remoteOf(ann, 'bob')!.state).to.equal('reconnecting');
    expect(ann.room.getSnapshot().state).to.equal('reconnecting');
    await clock.advance(2_400);
    expect(iceName(ofAnn.current)).to.equal(before);
    await clock.advance(200);
    await waitUntil(() => iceName(ofAnn.current) !== before, 'ICE has new credentials');
    await waitUntil(() => ofAnn.current.signalingState === 'stable', 'the restart was answered');
    ofAnn.admit();
    await sees(ann, 'bob', 'connected', ({ state }) => state === 'connected');
    expect(ann.room.getSnapshot().state).to.equal('entered');
    expect(ofAnn.current).to.equal(connection);
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
  });

  it('does nothing if the connection recovers by itself', async () => {
    await connectBoth(clock);
    const before = iceName(ofAnn.current);
    ofAnn.pretend('disconnected');
    await clock.advance(2_000);
    ofAnn.admit();
    await clock.advance(20_000);
    expect(iceName(ofAnn.current)).to.equal(before);
  });

  it('restarts ICE, once, if no sound has arrived for a second, not even silence', async () => {
    await connectBoth(clock);
    const [connection, before] = [ofAnn.current, iceName(ofAnn.current)];
    const { getSynchronizationSources } = RTCRtpReceiver.prototype;
    const { now } = performance;
    try {
      RTCRtpReceiver.prototype.getSynchronizationSources = () => [
        { timestamp: 1, source: 1, rtpTimestamp: 1 },
      ];
      await clock.advance(400);
      expect(iceName(connection)).to.equal(before);
      performance.now = () => now.call(performance) + 1_100;
      await clock.advance(200);
      await waitUntil(() => iceName(connection) !== before, 'ICE has new credentials');
      await waitUntil(() => connection.signalingState === 'stable', 'the restart was answered');
      const restarted = iceName(connection);
      performance.now = () => now.call(performance) + 9_000;
      await clock.advance(1_000);
      expect(iceName(connection)).to.equal(restarted);
    } finally {
      RTCRtpReceiver.prototype.getSynchronizationSources = getSynchronizationSources;
      performance.now = now;
    }
    expect(ofAnn.made).to.have.length(1);
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
  });

  it('survives a restart of ICE by both at the same moment', async () => {
    await connectBoth(clock);
    const before = [iceName(ofAnn.current), iceName(ofBob.current)];
    ofAnn.pretend('failed');
    ofBob.pretend('failed');
    for (const [index, { current }] of [ofAnn, ofBob].entries()) {
      const settled = () =>
        current.signalingState === 'stable' && iceName(current) !== before[index];
      await waitUntil(settled, 'the restart was agreed on');
    }
    ofAnn.admit();
    ofBob.admit();
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
    expect(ofAnn.made).to.have.length(1);
  });

  it('replaces the connection after 10 s of restarts without success', async () => {
    await connectBoth(clock);
    const connection = ofAnn.current;
    ofAnn.pretend('disconnected');
    await clock.advance(10_500);
    expect(ofAnn.current).to.not.equal(connection);
    expect(connection.signalingState).to.equal('closed');
    await sees(ann, 'bob', 'connected', ({ state }) => state === 'connected');
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
    expect(ann.room.getSnapshot().remotes).to.have.length(1);
  });

  it('reconnects if the other side’s connection vanished', async () => {
    await connectBoth();
    ofBob.current.close();
    ofAnn.pretend('failed');
    await waitUntil(() => ofBob.made.length > 1, 'bob has another', { timeout: 15_000 });
    await sees(ann, 'bob', 'connected', ({ state }) => state === 'connected');
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
  });

  it('repairs after an interruption of signaling what broke meanwhile', async () => {
    await connectBoth(clock);
    group.bus.cut('ann');
    ofAnn.pretend('disconnected');
    const before = iceName(ofAnn.current);
    group.bus.restore('ann');
    await waitUntil(() => iceName(ofAnn.current) !== before, 'ICE has new credentials');
    await waitUntil(() => ofAnn.current.signalingState === 'stable', 'the restart was answered');
    ofAnn.admit();
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
  });

  it('sends an unanswered offer again', async () => {
    let offers = 0;
    group.bus.fate = (_from, _to, data) => {
      if ((data as { kind: string }).kind !== 'offer') return 0;
      offers += 1;
      return offers <= 2 ? 'lost' : 0;
    };
    ann = await group.enter('ann', { clock: new FakeClock() });
    bob = await group.enter('bob', { clock });
    await waitUntil(() => offers === 1, 'the first offer');
    await clock.advance(1_000);
    expect(offers).to.equal(3);
    await Promise.all([seesMoving(ann, 'bob'), seesMoving(bob, 'ann')]);
  });

  it('drops late signals of an earlier connection', async () => {
    const offers: unknown[] = [];
    group.bus.fate = (_from, to, data) => {
      if (to === 'ann' && (data as { kind: string }).kind === 'offer') offers.push(data);
      return 0;
    };
    await connectBoth(clock);
    ofAnn.pretend('disconnected');
    await clock.advance(10_500);
    await sees(ann, 'bob', 'connected', ({ state }) => state === 'connected');
    const { length } = ofAnn.made;
    expect(offers).to.not.have.length(0);
    for (const offer of offers) ann.room.handleSignal('bob', offer);
    expect(ofAnn.made).to.have.length(length);
    expect(remoteOf(ann, 'bob')!.state).to.equal('connected');
  });

  it('closes the connection to somebody who is no longer in the roster', async () => {
    await connectBoth();
    const connection = ofAnn.current;
    ann.room.handleRoster([]);
    expect(ann.room.getSnapshot().remotes).to.deep.equal([]);
    expect(connection.signalingState).to.equal('closed');
  });

  it('acts on a leave notice before the roster changes, and does not call that person again', async () => {
    await connectBoth();
    await bob.room.leave();
    await waitUntil(() => ann.room.getSnapshot().remotes.length === 0, 'bob is gone');
    ann.room.handleRoster(['bob']);
    expect(ann.room.getSnapshot().remotes).to.deep.equal([]);
  });

  it('holds no timer and no connection after leaving', async () => {
    await connectBoth(clock);
    ofAnn.pretend('disconnected');
    await ann.room.leave();
    expect(clock.pending).to.equal(0);
    for (const connection of ofAnn.made) expect(connection.signalingState).to.equal('closed');
  });

  it('refuses a room with six people', async () => {
    const { room } = await group.invite('zoe', { connect: ofAnn.connect });
    room.handleRoster(['a', 'b', 'c', 'd', 'e', 'f']);
    const error: unknown = await room.enter().catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'room-full' });
    expect(room.getSnapshot()).to.include({ state: 'failed', error: 'room-full' });
    expect(ofAnn.made).to.have.length(0);
  });

  it('fails with a code if the ticket’s servers are invalid', async () => {
    const room = new MeshRoom({
      self: 'zoe',
      room: 1,
      local: new FakeLocalMedia(),
      sendSignal: () => undefined,
      renewTicket: () => Promise.reject(new RtcDeskError('conflict')),
      ticket: { provider: 'mesh', iceServers: [{ urls: ['nonsense'] }] },
    });
    const error: unknown = await room.enter().catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'media-failed' });
  });

  it('shows blocked sound if the browser refuses to play it', async () => {
    HTMLAudioElement.prototype.play = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    try {
      await connectBoth();
      await waitUntil(() => ann.room.getSnapshot().audioBlocked, 'sound is blocked');
      HTMLAudioElement.prototype.play = () => Promise.resolve();
      await ann.room.startAudio();
      expect(ann.room.getSnapshot().audioBlocked).to.equal(false);
    } finally {
      delete (HTMLAudioElement.prototype as { play?: unknown }).play;
    }
  });

  it('plays sound on the chosen speaker, also for people who come later', async () => {
    const chosen: string[] = [];
    const { setSinkId } = HTMLMediaElement.prototype;
    HTMLMediaElement.prototype.setSinkId = async (id) => void chosen.push(id);
    try {
      await connectBoth();
      await ann.room.setSpeaker('loud');
      expect(chosen).to.deep.equal(['loud']);
      await group.enter('cyd');
      await sees(ann, 'cyd', 'connected', ({ state }) => state === 'connected');
      expect(chosen).to.deep.equal(['loud', 'loud']);
    } finally {
      HTMLMediaElement.prototype.setSinkId = setSinkId;
    }
  });
});
