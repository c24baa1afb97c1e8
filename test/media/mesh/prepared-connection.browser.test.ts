import { expect, waitUntil } from '@open-wc/testing';
import { PreparedConnection } from '../../../src/media/mesh/prepared-connection.ts';
import { makeSpare } from '../../../src/media/mesh/room.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeLocalMedia } from '../../support/fake-local-media.ts';
import type { RoomGroup } from '../media-room-suite.ts';
import { remoteOf, sees, seesMoving } from '../media-room-suite.ts';
import { MadeConnections, meshGroup } from './mesh-group.ts';

/** Ann is the agent, who offers while the call rings. Vic is the visitor, who answers. */
describe('PreparedConnection', () => {
  let group: RoomGroup;
  let preparedConnection: PreparedConnection;
  let local: FakeLocalMedia;
  let made: readonly RTCPeerConnection[];
  let descriptions: unknown[];
  let connect: MadeConnections['connect'];

  beforeEach(() => {
    ({ made, connect } = new MadeConnections());
    descriptions = [];
    local = new FakeLocalMedia();
    // Its clock stands still: nothing is sent twice, however slow the machine is.
    preparedConnection = new PreparedConnection({
      iceServers: [],
      local,
      connect,
      clock: new FakeClock(),
    });
    group = meshGroup();
    group.bus.fate = (from, _to, data) => {
      const { kind } = data as { kind: string };
      if (kind === 'offer' || kind === 'answer') descriptions.push(`${kind} of ${from}`);
      return 0;
    };
  });
  afterEach(async () => {
    await group.close();
    preparedConnection.close();
    local.stop();
    for (const connection of made) expect(connection.signalingState).to.equal('closed');
  });

  const offered = async () => {
    await preparedConnection.ready;
    return JSON.parse(JSON.stringify(preparedConnection.firstSignal)) as Record<string, unknown>;
  };
  const agentEnters = (clock?: FakeClock) =>
    group.enter('ann', { preparedConnection, connect, ...(clock ? { clock } : {}) });
  /** The visitor's first roster has the agent, as the view that opens the room. */
  const visitorEnters = async (data: unknown, from = 'ann') => {
    const start = { spare: makeSpare([]).spare, firstSignal: { from, data } };
    const vic = await group.invite('vic', { ...start, connect });
    vic.room.handleRoster(['ann']);
    await vic.room.enter();
    group.bus.add('vic', vic.room);
    return vic;
  };

  it('has a complete offer with three lines and no name, before any device runs', async () => {
    const offer = await offered();
    expect(offer).to.include({ kind: 'offer', number: 1 });
    expect(offer).to.not.have.property('by');
    expect(String(offer['sdp']).match(/^m=/gm)).to.have.length(3);
    expect(local.getSnapshot().camera.state).to.equal('idle');
    expect(made).to.have.length(1);
  });

  it('contains the candidates that were found while it rang', async () => {
    await waitUntil(async () => String((await offered())['sdp']).includes('a=candidate'));
  });

  it('is answered by the visitor: one offer and one answer connect them both ways', async () => {
    const data = await offered();
    const ann = await agentEnters(new FakeClock());
    const vic = await visitorEnters(data);
    await Promise.all([seesMoving(ann, 'vic'), seesMoving(vic, 'ann')]);
    expect(descriptions).to.deep.equal(['answer of vic']);
    expect(made).to.have.length(1);
  });

  it('sends devices that start after the offer, and reports them', async () => {
    const data = await offered();
    expect(data['states']).to.include({ cameraOn: false });
    const ann = await agentEnters(new FakeClock());
    ann.local.stop();
    const vic = await visitorEnters(data);
    await sees(vic, 'ann', 'connected', ({ state }) => state === 'connected');
    await ann.local.start();
    await seesMoving(vic, 'ann');
    expect(descriptions).to.deep.equal(['answer of vic']);
  });

  it('changes cameras, shares the screen and mutes without a second description', async () => {
    const data = await offered();
    const ann = await agentEnters(new FakeClock());
    const vic = await visitorEnters(data);
    await seesMoving(vic, 'ann');
    await ann.local.startScreen();
    await sees(vic, 'ann', 'a screen', ({ screen }) => screen !== null);
    await ann.local.useCamera(ann.local.getSnapshot().cameras.at(-1)!.deviceId);
    await ann.local.setMicrophoneOn(false);
    await sees(vic, 'ann', 'muted', ({ microphoneOn }) => !microphoneOn);
    await seesMoving(vic, 'ann');
    expect(descriptions).to.deep.equal(['answer of vic']);
  });

  it('is replaced if the answer is lost: nobody waits for ever', async () => {
    const data = await offered();
    let lost = 0;
    group.bus.fate = (_from, _to, signal) => {
      if ((signal as { kind: string }).kind !== 'answer' || lost > 0) return 0;
      lost += 1;
      return 'lost';
    };
    const ann = await agentEnters();
    const vic = await visitorEnters(data);
    await Promise.all([seesMoving(ann, 'vic'), seesMoving(vic, 'ann')]);
    expect(lost).to.equal(1);
  });

  it('is not answered if its sender is no longer in the room', async () => {
    const data = await offered();
    const ann = await agentEnters();
    const vic = await visitorEnters(data, 'ann-before-a-reload');
    await Promise.all([seesMoving(ann, 'vic'), seesMoving(vic, 'ann')]);
    expect(remoteOf(vic, 'ann-before-a-reload')).to.equal(undefined);
  });

  it('serves whoever answers first; a later page of the visitor is offered another', async () => {
    const data = await offered();
    const ann = await agentEnters();
    const vic = await visitorEnters(data);
    await seesMoving(ann, 'vic');
    const zoe = await group.invite('zoe', { firstSignal: { from: 'ann', data }, connect });
    zoe.room.handleRoster(['ann', 'vic']);
    await zoe.room.enter();
    group.bus.add('zoe', zoe.room);
    await Promise.all([seesMoving(ann, 'zoe'), seesMoving(zoe, 'ann'), seesMoving(vic, 'ann')]);
  });

  it('is not used by a visitor who offers: then the room goes the usual way', async () => {
    await offered();
    const ann = await agentEnters();
    const vic = await group.enter('vic', { connect });
    await Promise.all([seesMoving(ann, 'vic'), seesMoving(vic, 'ann')]);
  });

  it('ignores an answer to something else', async () => {
    await offered();
    const ann = await agentEnters();
    const states = { sequence: 1, cameraOn: true, microphoneOn: true, screenOn: false };
    const answer = { kind: 'answer', by: 'ann', serial: 1, number: 1, sdp: 'v=0', states };
    ann.room.handleSignal('vic', answer);
    expect(ann.room.getSnapshot().remotes).to.deep.equal([]);
  });

  it('holds no connection and no timer after the offer is gone', async () => {
    const clock = new FakeClock();
    const gone = new PreparedConnection({ iceServers: [], local, connect, clock });
    await gone.ready;
    expect(gone.firstSignal).to.not.equal(null);
    gone.close();
    expect(clock.pending).to.equal(0);
    expect(gone.firstSignal).to.equal(null);
  });
});
