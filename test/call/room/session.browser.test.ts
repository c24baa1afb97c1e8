import { expect, waitUntil } from '@open-wc/testing';
import { RoomSession } from '../../../src/call/room/session.ts';
import { RtcDeskError, type ErrorCode } from '../../../src/protocol/errors.ts';
import type { Signaling } from '../../../src/signaling/signaling.ts';
import { FakeCall } from '../../support/fake-call.ts';
import { settle } from '../../support/fake-clock.ts';
import { ENTERED } from '../../support/fake-server.ts';
import { remoteMedia } from '../../support/fake-media-room.ts';
import { participant, room, ROOM, ticket } from '../../support/fake-views.ts';

const REMOTE = remoteMedia('agent-1', { quality: 4 });

describe('RoomSession', () => {
  let fake: FakeCall;
  let signaling: Signaling;
  let session: RoomSession;

  const make = (media = {}, self = 'visitor-1') => {
    fake = new FakeCall({}, media);
    signaling = fake.parts.connect({
      server: location.origin,
      hello: () => ({ type: 'hello', protocol: 1, role: 'guest', token: 't' }),
      onDelivery: (delivery) => session.handleDelivery(delivery),
    });
    session = new RoomSession({
      ...{ server: location.origin, ticket: ticket(self), signaling },
      ...{ local: fake.local, adapters: fake.parts.adapters, platform: fake.parts.platform },
      onLeave: async () => {},
    });
    signaling.open();
  };
  const join = async (members = ['agent-1', 'visitor-1']) => {
    await settle();
    void session.join();
    session.handleView(ticket('visitor-1'), room(members), null);
    await settle();
  };

  beforeEach(() => make());
  afterEach(async () => {
    session.stop(false);
    signaling.close();
    fake.local.stop();
    await settle();
    expect(fake.leftovers).to.deep.equal([]);
  });

  const snapshot = () => session.getSnapshot();
  const person = (id: string) => snapshot().people.find((one) => one.id === id)!;

  it('is joined when the media are in and the server has been told', async () => {
    expect(snapshot()).to.include({ state: 'joining', room: ROOM });
    await join();
    expect(snapshot().state).to.equal('joined');
    const { type, ...rest } = fake.server.commands[0]!;
    expect(type).to.equal('enter-room');
    expect(rest).to.include({ room: ROOM, participant: 'visitor-1' });
  });

  it('shows oneself first, then the others in the order of entering', async () => {
    await join(['agent-1', 'guest-2', 'visitor-1']);
    expect(snapshot().people.map(({ id }) => id)).to.deep.equal([
      'visitor-1',
      'agent-1',
      'guest-2',
    ]);
    expect(snapshot().people.map(({ self }) => self)).to.deep.equal([true, false, false]);
  });

  it('shows oneself as the others do, where the media change our picture', async () => {
    await join();
    await fake.local.start();
    await settle();
    const own = () => person('visitor-1').camera;
    expect(own() === fake.local.getSnapshot().camera.track).to.equal(true);
    const ownCamera = own()!.clone();
    fake.rooms[0]!.change({ ownCamera });
    expect(own() === ownCamera).to.equal(true);
    fake.rooms[0]!.change({ ownCamera: null });
    expect(own() === fake.local.getSnapshot().camera.track).to.equal(true);
    ownCamera.stop();
  });

  it('says who connects, who is there and who is away', async () => {
    await join();
    expect(person('agent-1').state).to.equal('connecting');
    fake.rooms[0]!.change({ remotes: [REMOTE] });
    expect(person('agent-1')).to.include({ state: 'connected', quality: 4, microphoneOn: true });
    fake.rooms[0]!.change({ remotes: [{ ...REMOTE, state: 'reconnecting' }] });
    expect(person('agent-1').state).to.equal('reconnecting');
    expect(snapshot().state).to.equal('reconnecting');
    const gone = participant('agent-1', { online: false });
    session.handleView(ticket('visitor-1'), { ...room([]), participants: [gone] }, null);
    fake.rooms[0]!.change({ remotes: [{ ...REMOTE, state: 'reconnecting' }] });
    expect(person('agent-1').state).to.equal('away');
  });

  it('marks who speaks, holds through a pause between words, and lets go without another level', async () => {
    await join();
    const hear = (level: number) => fake.rooms[0]!.change({ remotes: [{ ...REMOTE, level }] });
    hear(0.04);
    expect(person('agent-1').speaking).to.equal(false);
    hear(0.2);
    expect(person('agent-1').speaking).to.equal(true);
    hear(0.03);
    expect(person('agent-1').speaking).to.equal(true);
    hear(0);
    await fake.clock.advance(600);
    expect(person('agent-1').speaking).to.equal(true);
    await fake.clock.advance(200);
    expect(person('agent-1').speaking).to.equal(false);
  });

  it('keeps the same objects for people of whom nothing changed', async () => {
    await join();
    const [me, agent] = snapshot().people;
    fake.rooms[0]!.change({ remotes: [REMOTE] });
    expect(snapshot().people[0]).to.equal(me);
    expect(snapshot().people[1]).not.to.equal(agent);
    const { people } = snapshot();
    fake.rooms[0]!.change({ audioBlocked: true });
    expect(snapshot().people).to.equal(people);
  });

  it('counts from when both were in, by this browser’s clock', async () => {
    await settle();
    const view = { role: 'guest', room: room([], { ticket: ticket('visitor-1') }) } as const;
    fake.server.send({ type: 'snapshot', rev: 1, now: fake.clock.now() + 5_000, view });
    await settle();
    session.handleView(
      ticket('visitor-1'),
      room(['agent-1', 'visitor-1']),
      fake.clock.now() + 5_500,
    );
    expect(snapshot().connectedAt).to.equal(fake.clock.now() + 500);
  });

  it('lets media prepare while the server lets us in, and sends what they say when it has', async () => {
    let admitted = false;
    fake.server.on('enter-room', () => (admitted ? ENTERED : undefined));
    await join();
    const { options } = fake.rooms[0]!;
    const seen: (readonly string[])[] = [];
    fake.rooms[0]!.handleRoster = (ids) => seen.push(ids);
    session.handleView(ticket('visitor-1'), room(['agent-1']), null);
    expect(seen).to.deep.equal([['agent-1']]);
    options.sendSignal('agent-1', 'early');
    expect(fake.server.notices).to.have.length(0);
    admitted = true;
    fake.server.cut();
    await fake.clock.advance(1_000);
    options.sendSignal('agent-1', 'late');
    const sent = fake.server.notices as { type: string; data?: unknown }[];
    const signals = sent.filter(({ type }) => type === 'signal');
    expect(signals.map(({ data }) => data)).to.deep.equal(['early', 'late']);
  });

  it('tries to enter again where the server stumbled, and fails where it refuses', async () => {
    let code: 'server-error' | 'room-full' = 'server-error';
    fake.server.on('enter-room', () => {
      throw new RtcDeskError(code);
    });
    await join();
    await fake.clock.advance(20_000);
    expect(snapshot().state).to.equal('joining');
    code = 'room-full';
    await fake.clock.advance(4_000);
    expect(snapshot()).to.include({ state: 'failed', error: 'room-full' });
  });

  it('goes on in writing where media cannot enter, and tries again when asked', async () => {
    const media: { refuse?: ErrorCode } = { refuse: 'media-failed' };
    make(media);
    await join();
    expect(snapshot()).to.include({ state: 'joined', error: null, mediaError: 'media-failed' });
    expect(fake.server.sent('enter-room')).to.have.length(1);
    expect(fake.rooms[0]!.getSnapshot().state).to.equal('left');
    expect(person('agent-1').state).to.equal('connected');
    delete media.refuse;
    await session.retryMedia();
    expect(snapshot()).to.include({ state: 'joined', mediaError: null });
    expect(fake.rooms[1]!.getSnapshot().state).to.equal('entered');
    expect(fake.server.sent('enter-room')).to.have.length(1);
  });

  it('goes on in writing where media fail in the middle of it, and says why once more if they fail again', async () => {
    const media: { refuse?: ErrorCode } = {};
    make(media);
    await join();
    fake.rooms[0]!.change({ state: 'failed', error: 'media-failed' });
    expect(snapshot()).to.include({ state: 'joined', mediaError: 'media-failed' });
    session.sendText('Still here');
    await settle();
    expect(fake.server.sent('chat-send')).to.have.length(1);
    media.refuse = 'unsupported-browser';
    await session.retryMedia();
    expect(snapshot()).to.include({ state: 'joined', mediaError: 'unsupported-browser' });
    expect(fake.rooms.map((one) => one.getSnapshot().state)).to.deep.equal(['left', 'left']);
  });

  it('fails where the room itself refuses, and says nothing to the server', async () => {
    make({ refuse: 'room-full' });
    await join();
    expect(snapshot()).to.include({ state: 'failed', error: 'room-full' });
    expect(fake.server.sent('enter-room')).to.have.length(0);
  });

  it('fails where an agent’s media cannot begin, so that the call goes on to another', async () => {
    make({ refuse: 'media-failed' }, 'agent-1');
    await settle();
    void session.join();
    await settle();
    expect(snapshot()).to.include({ state: 'failed', error: 'media-failed' });
    expect(fake.server.sent('enter-room')).to.have.length(0);
  });

  it('asks for other media where the network lets none of these through, and waits for the new ticket', async () => {
    make({ refuse: 'media-blocked' });
    await join();
    expect(snapshot()).to.include({ state: 'joining', error: null });
    const asked = fake.server.sent('fall-back');
    expect(asked).to.have.length(1);
    expect(asked[0]).to.include({ room: ROOM, participant: 'visitor-1' });
    expect(fake.server.sent('enter-room')).to.have.length(0);
    session.stop(false);
  });

  it('goes on in writing where there are no other media', async () => {
    make({ refuse: 'media-blocked' });
    fake.server.on('fall-back', () => {
      throw new RtcDeskError('media-blocked');
    });
    await join();
    expect(snapshot()).to.include({ state: 'joined', error: null, mediaError: 'media-blocked' });
    expect(fake.server.sent('enter-room')).to.have.length(1);
  });

  it('asks over a reconnect, and shows meanwhile that it is on its way back', async () => {
    await join();
    fake.server.reachable = false;
    fake.server.cut();
    fake.rooms[0]!.change({ state: 'failed', error: 'media-blocked', remotes: [] });
    expect(snapshot()).to.include({ state: 'reconnecting', error: null });
    fake.server.reachable = true;
    await fake.clock.advance(10_000);
    expect(fake.server.sent('fall-back')).to.have.length(1);
    session.stop(false);
  });

  it('fetches a fresh ticket for the adapter that asks, over a reconnect too', async () => {
    const fresh = ticket('visitor-1', { expiresAt: 1_950_000_000_000 });
    fake.server.on('renew-ticket', () => fresh);
    await join();
    const { renewTicket } = fake.rooms[0]!.options;
    expect(await renewTicket()).to.deep.equal(fresh);
    fake.server.cut();
    const renewing = renewTicket();
    await fake.clock.advance(10_000);
    expect(await renewing).to.deep.equal(fresh);
    expect(fake.server.sent('renew-ticket')[0]).to.include({
      room: ROOM,
      participant: 'visitor-1',
    });
  });

  it('hands on how large somebody is shown, also where the media were not there yet', async () => {
    let admit = () => {};
    make({ admitted: new Promise<void>((resolve) => (admit = resolve)) });
    session.setPictureSize('agent-1', 'small');
    await join();
    expect(fake.rooms[0]!.calls).to.deep.equal(['agent-1 small']);
    admit();
    await settle();
  });

  it('lets go of media that were still entering when it was stopped', async () => {
    make({ admitted: new Promise(() => {}) });
    await join();
    session.stop(false);
    await settle();
    expect(fake.rooms[0]!.getSnapshot().state).to.equal('left');
    expect(snapshot().state).to.equal('left');
  });

  it('tells the others when it leaves, and closes the conversation', async () => {
    await join();
    await session.leave();
    await settle();
    expect(fake.server.sent('leave-room')).to.have.length(1);
    expect(snapshot().chat.state).to.equal('closed');
    expect(snapshot().people.map(({ id }) => id)).to.deep.equal(['visitor-1']);
  });

  it('lets the media say goodbye before it leaves, since nobody outside is heard', async () => {
    await join();
    const said: string[] = [];
    const { handleFrame } = fake.server;
    fake.server.handleFrame = (socket, message) => {
      said.push(message.type);
      handleFrame.call(fake.server, socket, message);
    };
    const media = fake.rooms[0]!;
    const { leave } = media;
    media.leave = () => {
      media.options.sendSignal('agent-1', { kind: 'bye' });
      return leave.call(media);
    };
    await session.leave();
    expect(said).to.deep.equal(['signal', 'leave-room']);
  });

  it('passes what the person does on to devices, media and chat', async () => {
    await join();
    await fake.local.start();
    await session.setMicrophoneOn(false);
    expect(person('visitor-1').microphoneOn).to.equal(false);
    await session.setCameraOn(false);
    expect(person('visitor-1')).to.include({ cameraOn: false, camera: null });
    await session.startScreen();
    expect(person('visitor-1').screen).not.to.equal(null);
    session.stopScreen();
    expect(person('visitor-1').screen).to.equal(null);
    fake.rooms[0]!.change({ audioBlocked: true });
    expect(snapshot().audioBlocked).to.equal(true);
    await session.startAudio();
    await session.useSpeaker('speaker-1');
    session.setPictureSize('agent-1', 'large');
    expect(fake.rooms[0]!.calls).to.deep.equal([
      'start audio',
      'speaker speaker-1',
      'agent-1 large',
    ]);
  });

  it('sends and fetches pictures with the bearer of the newest ticket', async () => {
    const realFetch = window.fetch;
    const seen: string[] = [];
    window.fetch = async (input, init) => {
      const bearer = new Headers(init?.headers).get('authorization');
      seen.push(`${init?.method ?? 'GET'} ${new URL(String(input)).pathname} ${bearer}`);
      return init?.method === 'POST'
        ? Response.json({ id: 'i1', width: 1, height: 1 }, { status: 201 })
        : Response.json({ code: 'not-found' }, { status: 404 });
    };
    try {
      await join();
      session.sendImage(new Blob(['x'], { type: 'image/png' }));
      await waitUntil(() => seen.length === 1, 'the picture is sent');
      const renewed = ticket('visitor-1', { chat: { provider: 'desk', token: 'renewed' } });
      session.handleView(renewed, room(['agent-1', 'visitor-1']), null);
      let failure: unknown;
      await session.loadImage('other').catch((error) => (failure = error));
      expect((failure as RtcDeskError).code).to.equal('not-found');
      expect(seen).to.deep.equal([
        `POST /api/v1/rooms/${ROOM}/images Bearer chat-visitor-1`,
        `GET /api/v1/rooms/${ROOM}/images/other Bearer renewed`,
      ]);
    } finally {
      window.fetch = realFetch;
    }
  });
});
