import { expect, waitUntil } from '@open-wc/testing';
import { RoomSession } from '../../../src/call/room/session.ts';
import type { RemoteMedia } from '../../../src/media/media.ts';
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

  it('is joined when the media have entered and the server knows it', async () => {
    expect(snapshot()).to.include({ state: 'joining', room: ROOM });
    await join();
    expect(snapshot().state).to.equal('joined');
    const { type, ...rest } = fake.server.commands[0]!;
    expect(type).to.equal('enter-room');
    expect(rest).to.include({ room: ROOM, participant: 'visitor-1' });
  });

  describe('adapts the media', () => {
    const saver = { height: 360, frameRate: 15, bitrate: 500, prefer: 'motion' } as const;
    const video = { computer: saver, phone: { ...saver, bitrate: 300 } };
    const local = () => fake.local.getSnapshot();

    it('to the profile of the ticket, and to a wish for detail', async () => {
      await join();
      session.handleView({ ...ticket('visitor-1'), video }, room(['agent-1', 'visitor-1']), null);
      await waitUntil(() => local().profile, 'no profile');
      expect(local().profile).to.deep.equal(saver);
      expect(local().capture).to.deep.equal({
        ...{ width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 15 } },
      });
      await fake.local.start();
      const adaptation = await session.openAdaptation();
      await adaptation.setDetail(true);
      expect(local().profile).to.include({ height: 1080, prefer: 'sharpness' });
      expect(local().camera.track!.contentHint).to.equal('detail');
      // The next camera gets it, too.
      await session.useCamera('camera-2');
      expect(local().camera.track!.contentHint).to.equal('detail');
      await adaptation.setDetail(false);
      expect(local().profile).to.deep.equal(saver);
      expect(local().camera.track!.contentHint).to.equal('');
      session.stop(false);
      expect(local().profile).to.equal(undefined);
      expect(local().capture).to.equal(undefined);
    });

    it('to a bad network, and gives the call up for a callback where nothing helps', async () => {
      await join();
      expect(snapshot().mediaMode).to.equal(undefined);
      fake.rooms[0]!.change({ remotes: [remoteMedia('agent-1', { quality: 1 })] });
      await waitUntil(() => snapshot().mediaMode, 'the network is not watched');
      // The fake media forget a quality when the people in the room change.
      const pass = async (seconds: number, change: Partial<RemoteMedia>) => {
        for (let second = 0; second < seconds; second += 1) {
          fake.rooms[0]!.change({ remotes: [remoteMedia('agent-1', change)] });
          await fake.clock.advance(1_000);
        }
      };
      await pass(10, { quality: 1 });
      expect(snapshot().mediaMode).to.include({ mode: 'audio' });
      expect(local().held).to.deep.equal(['camera', 'screen']);
      await pass(22, { quality: 1 });
      expect(local().held).to.deep.equal(['camera', 'screen', 'microphone']);
      await pass(44, { state: 'reconnecting' });
      expect(snapshot().mediaMode?.callback).to.equal('offered');
      fake.server.on('end-with-callback', () => null);
      await (await session.openAdaptation()).askForCallback();
      expect(fake.server.sent('end-with-callback')).to.have.length(1);
      session.stop(false);
      expect(local().held).to.equal(undefined);
    });

    it('to the network of the other side', async () => {
      await join();
      const data = { tool: 'media-mode', mode: 'audio' };
      session.handleDelivery({ type: 'signal', room: ROOM, from: 'agent-1', data });
      await waitUntil(() => local().held?.length, 'nothing is held back');
      expect(snapshot().mediaMode).to.include({ mode: 'audio' });
    });
  });

  it('lists this person first, then the others in the order of entering', async () => {
    await join(['agent-1', 'guest-2', 'visitor-1']);
    expect(snapshot().people.map(({ id }) => id)).to.deep.equal([
      'visitor-1',
      'agent-1',
      'guest-2',
    ]);
    expect(snapshot().people.map(({ self }) => self)).to.deep.equal([true, false, false]);
  });

  it('shows our own picture as the others see it, if the media change it', async () => {
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

  it('shows who connects, who is connected and who is away', async () => {
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

  it('marks who speaks, also over a pause between words, and ends the mark without a further level', async () => {
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

  it('keeps the same objects for people without a change', async () => {
    await join();
    const [me, agent] = snapshot().people;
    fake.rooms[0]!.change({ remotes: [REMOTE] });
    expect(snapshot().people[0]).to.equal(me);
    expect(snapshot().people[1]).not.to.equal(agent);
    const { people } = snapshot();
    fake.rooms[0]!.change({ audioBlocked: true });
    expect(snapshot().people).to.equal(people);
  });

  it('counts from the moment when both were in, by this device’s clock', async () => {
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

  it('lets media prepare while it enters, and sends their signals right after the command', async () => {
    let admitted = false;
    let before: number | null = null;
    fake.server.on('enter-room', () => {
      before ??= fake.server.notices.length;
      return admitted ? ENTERED : undefined;
    });
    await join();
    const { options } = fake.rooms[0]!;
    const seen: (readonly string[])[] = [];
    fake.rooms[0]!.handleRoster = (ids) => seen.push(ids);
    session.handleView(ticket('visitor-1'), room(['agent-1']), null);
    expect(seen).to.deep.equal([['agent-1']]);
    options.sendSignal('agent-1', 'early');
    const signals = () =>
      (fake.server.notices as { type: string; data?: unknown }[])
        .filter(({ type }) => type === 'signal')
        .map(({ data }) => data);
    expect(before).to.equal(0);
    expect(signals()).to.deep.equal(['early']);
    expect(fake.rooms[0]!.calls).to.deep.equal([]);
    admitted = true;
    fake.server.cut();
    await fake.clock.advance(1_000);
    options.sendSignal('agent-1', 'late');
    expect(signals()).to.deep.equal(['early', 'late']);
    expect(fake.rooms[0]!.calls, 'what was sent before is sent again').to.deep.equal([
      'signaling restored',
    ]);
  });

  it('sends a tool’s message to those who are in the room, and to one of them', async () => {
    await settle();
    void session.join();
    const away = participant('guest-3', { online: false });
    const view = room(['agent-1', 'visitor-1', 'guest-2']);
    session.sendToTool({ tool: 'too-early' });
    session.handleView(
      ticket('visitor-1'),
      { ...view, participants: [...view.participants, away] },
      null,
    );
    await settle();
    session.sendToTool({ tool: 'mark', at: 1 });
    session.sendToTool({ tool: 'mark', at: 2 }, 'guest-2');
    const notices = fake.server.notices as { type: string; to?: string; data?: unknown }[];
    const sent = notices.filter(({ type }) => type === 'signal').map(({ to, data }) => [to, data]);
    expect(sent).to.deep.equal([
      ['agent-1', { tool: 'mark', at: 1 }],
      ['guest-2', { tool: 'mark', at: 1 }],
      ['guest-2', { tool: 'mark', at: 2 }],
    ]);
  });

  it('tells the others that a device is missing, also those who come later, and that it is there again', async () => {
    const told = () =>
      (fake.server.notices as { to?: string; data?: { tool?: string } }[])
        .filter(({ data }) => data?.tool === 'devices')
        .map(({ to, data }) => [to, data]);
    await join();
    expect(told()).to.deep.equal([]);
    const missing = { tool: 'devices', camera: false, microphone: true };
    const { microphone } = fake.local.getSnapshot();
    fake.local.change({ microphone: { ...microphone, state: 'failed', error: 'no-microphone' } });
    fake.local.change({ level: 0.5 });
    expect(told()).to.deep.equal([['agent-1', missing]]);
    session.handleView(ticket('visitor-1'), room(['agent-1', 'visitor-1', 'guest-2']), null);
    expect(told().slice(1)).to.deep.equal([
      ['agent-1', missing],
      ['guest-2', missing],
    ]);
    fake.local.change({ microphone: { ...microphone, state: 'on' } });
    expect(told().at(-1)).to.deep.equal([
      'guest-2',
      { tool: 'devices', camera: false, microphone: false },
    ]);
  });

  it('shows what somebody else lacks, on any media', async () => {
    await join();
    fake.rooms[0]!.change({ remotes: [{ ...REMOTE, microphoneOn: false }] });
    expect(person('agent-1').microphoneMissing).to.equal(undefined);
    const tell = (data: object) =>
      session.handleDelivery({
        ...{ type: 'signal', room: ROOM, from: 'agent-1' },
        data: { tool: 'devices', ...data },
      });
    tell({ microphone: true, camera: 'yes' });
    expect(person('agent-1')).to.include({ microphoneMissing: true, cameraMissing: false });
    tell({ microphone: false, camera: false });
    expect(person('agent-1')).to.include({ microphoneMissing: false, cameraMissing: false });
  });

  it('keeps the messages of tools from the media, and hands them to the element', async () => {
    await join();
    const got: unknown[] = [];
    session.onToolMessage = (message, from) => got.push([message, from]);
    const deliver = (data: unknown) =>
      session.handleDelivery({ type: 'signal', room: ROOM, from: 'agent-1', data });
    for (const data of [{ tool: 'mark' }, { tool: 7 }, null, 'mark']) deliver(data);
    expect(got).to.deep.equal([[{ tool: 'mark' }, 'agent-1']]);
    expect(fake.rooms[0]!.calls.filter((call) => call === 'signal from agent-1')).lengthOf(3);
  });

  it('holds signals back until the command was sent', async () => {
    let finish = (): void => {};
    make({ admitted: new Promise<void>((resolve) => (finish = resolve)) });
    await join();
    fake.rooms[0]!.options.sendSignal('agent-1', 'early');
    expect(fake.server.notices).to.deep.equal([]);
    finish();
    await settle();
    expect(fake.server.sent('enter-room')).to.have.length(1);
    expect(fake.server.notices).to.have.length(1);
  });

  it('tries again to enter after an error of the server, and fails after a refusal', async () => {
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

  it('goes on as a chat if media cannot enter, and tries again when asked', async () => {
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

  it('goes on as a chat if media fail later, and shows the next failure as well', async () => {
    const media: { refuse?: ErrorCode } = {};
    make(media);
    await join();
    fake.rooms[0]!.change({ state: 'failed', error: 'media-failed' });
    expect(snapshot()).to.include({ state: 'joined', mediaError: 'media-failed' });
    session.openChat();
    await settle();
    session.sendText('Still here');
    await settle();
    expect(fake.server.sent('chat-send')).to.have.length(1);
    media.refuse = 'unsupported-browser';
    await session.retryMedia();
    expect(snapshot()).to.include({ state: 'joined', mediaError: 'unsupported-browser' });
    expect(fake.rooms.map((one) => one.getSnapshot().state)).to.deep.equal(['left', 'left']);
  });

  it('fails if the media refuse the room, and does not enter it at the server', async () => {
    make({ refuse: 'room-full' });
    await join();
    expect(snapshot()).to.include({ state: 'failed', error: 'room-full' });
    expect(fake.server.sent('enter-room')).to.have.length(0);
  });

  it('fails if an agent’s media cannot start, so that another agent gets the call', async () => {
    make({ refuse: 'media-failed' }, 'agent-1');
    await settle();
    void session.join();
    await settle();
    expect(snapshot()).to.include({ state: 'failed', error: 'media-failed' });
    expect(fake.server.sent('enter-room')).to.have.length(0);
  });

  it('asks for other media if the network blocks these, and waits for the new ticket', async () => {
    make({ refuse: 'media-blocked' });
    await join();
    expect(snapshot()).to.include({ state: 'joining', error: null });
    const asked = fake.server.sent('fall-back');
    expect(asked).to.have.length(1);
    expect(asked[0]).to.include({ room: ROOM, participant: 'visitor-1' });
    expect(fake.server.sent('enter-room')).to.have.length(0);
    session.stop(false);
  });

  it('goes on as a chat if there are no other media', async () => {
    make({ refuse: 'media-blocked' });
    fake.server.on('fall-back', () => {
      throw new RtcDeskError('media-blocked');
    });
    await join();
    expect(snapshot()).to.include({ state: 'joined', error: null, mediaError: 'media-blocked' });
    expect(fake.server.sent('enter-room')).to.have.length(1);
  });

  it('asks for other media over a reconnect, and shows meanwhile that it reconnects', async () => {
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

  it('gets a fresh ticket for an adapter, also over a reconnect', async () => {
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

  it('passes the picture size on, also if the media open later', async () => {
    let admit = () => {};
    make({ admitted: new Promise<void>((resolve) => (admit = resolve)) });
    session.setPictureSize('agent-1', 'small');
    await join();
    expect(fake.rooms[0]!.calls).to.deep.equal(['agent-1 small']);
    admit();
    await settle();
  });

  it('leaves media that were still entering when it was stopped', async () => {
    make({ admitted: new Promise(() => {}) });
    await join();
    session.stop(false);
    await settle();
    expect(fake.rooms[0]!.getSnapshot().state).to.equal('left');
    expect(snapshot().state).to.equal('left');
  });

  it('tells the server when it leaves, and closes the conversation', async () => {
    await join();
    await session.leave();
    await settle();
    expect(fake.server.sent('leave-room')).to.have.length(1);
    expect(snapshot().chat.state).to.equal('closed');
    expect(snapshot().people.map(({ id }) => id)).to.deep.equal(['visitor-1']);
  });

  it('lets the media send their leave notice before it leaves the room', async () => {
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
      session.openChat();
      await settle();
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
