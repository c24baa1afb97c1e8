import { expect, waitUntil } from '@open-wc/testing';
import { drawnTrack } from '../../../support/drawn-track.ts';
import { FakeRoomControl, localMedia, person } from '../../../support/fake-room-control.ts';
import { buttonOf, deepAll, deepOne, roomOf, settled } from '../../../support/room-fixture.ts';
import { alice, conversation, guests, me } from '../people-of-a-room.ts';

describe('the people', () => {
  it('are mirrored only in the own front camera', async () => {
    const [mine, theirs] = [drawnTrack(), drawnTrack()];
    const room = await roomOf(
      new FakeRoomControl({
        people: [
          { ...me, camera: mine, cameraOn: true },
          { ...alice, camera: theirs, cameraOn: true },
        ],
      }),
    );
    const video = (name: string) => deepOne<HTMLVideoElement>(room, `[aria-label='${name}'] video`);
    expect(getComputedStyle(video('Ada Lovelace')).transform).to.equal('matrix(-1, 0, 0, 1, 0, 0)');
    expect(getComputedStyle(video('Alice')).transform).to.equal('none');
    await waitUntil(() => video('Alice').videoWidth > 0, 'the picture plays');
    mine.stop();
    theirs.stop();
  });

  it('keep their video element when the layout changes', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    const before = deepOne(room, "[aria-label='Alice'] video");
    session.update({ people: [me, alice, ...guests] });
    await settled(room);
    expect(deepOne(room, "[aria-label='Alice'] video")).to.equal(before);
  });

  it('are not shown as connecting for ever, since somebody may only chat', async () => {
    const session = new FakeRoomControl({ people: [me, { ...alice, state: 'connecting' }] });
    const room = await roomOf(session);
    const veil = () => deepOne(room, "[aria-label='Alice'] .veil");
    expect(veil().textContent).to.contain('Connecting…');
    expect(veil().checkVisibility({ visibilityProperty: true })).to.equal(true);
    for (const animation of veil().getAnimations()) animation.finish();
    expect(veil().checkVisibility({ visibilityProperty: true })).to.equal(false);
    session.update({ people: [me, { ...alice, state: 'reconnecting' }] });
    await settled(room);
    expect(veil().textContent).to.contain('Reconnecting…');
    expect(veil().getAnimations()).to.deep.equal([]);
    expect(veil().checkVisibility({ visibilityProperty: true })).to.equal(true);
  });

  it('have names that are shown as text, whatever they contain', async () => {
    const name = '<img src=x onerror="window.hacked = true">';
    const room = await roomOf(new FakeRoomControl({ people: [me, { ...alice, name }] }));
    expect(deepAll(room.shadowRoot!, 'img')).lengthOf(0);
    expect(deepAll(room.shadowRoot!, '.name').map((one) => one.textContent)).to.include(name);
  });

  it('see the length of the call, except for an agent, whose desk shows it', async () => {
    const connectedAt = Date.now() - 65_500;
    const clocks = async (role: 'agent' | 'visitor' | 'guest', since: number | null) => {
      const people = [{ ...me, role }, alice];
      const room = await roomOf(new FakeRoomControl({ people, connectedAt: since }));
      return deepAll(room.shadowRoot!, '[role=timer]').map((one) => one.textContent);
    };
    expect((await clocks('visitor', connectedAt))[0]).to.match(/^1:0[56]$/);
    expect(await clocks('visitor', null)).to.deep.equal([]);
    expect(await clocks('agent', connectedAt)).to.deep.equal([]);
    expect(await clocks('guest', connectedAt)).to.deep.equal([]);
  });

  it('are told that the connection is interrupted, except for an agent, whose desk tells it', async () => {
    const notices = async (role: 'agent' | 'visitor') => {
      const people = [{ ...me, role }, alice];
      const room = await roomOf(new FakeRoomControl({ people, signaling: 'offline' }));
      return deepAll(room.shadowRoot!, '.notice p').map((one) => one.textContent);
    };
    expect((await notices('visitor')).join()).to.contain('The call goes on while we reconnect.');
    expect(await notices('agent')).to.deep.equal([]);
  });

  it('are told that a direct connection took over, until they close it', async () => {
    const room = await roomOf(new FakeRoomControl({ people: [me, alice], fellBack: true }));
    const notices = () => deepAll(room.shadowRoot!, '.notice p').map((one) => one.textContent);
    expect(notices().join()).to.contain('The call goes on over a direct connection.');
    buttonOf(room, 'Dismiss').click();
    await settled(room);
    expect(notices()).to.deep.equal([]);
  });

  it('without a device are told apart from those who have switched it off', async () => {
    const people = (change: object) => [
      person({ id: 'me', self: true, role: 'agent' }),
      person({ id: 'ada', name: 'Ada', role: 'visitor', microphoneOn: false, ...change }),
    ];
    const session = new FakeRoomControl({ people: people({}) });
    const room = await roomOf(session);
    const said = () =>
      deepAll(room.shadowRoot!, 'rtc-participant-tile')
        .map((tile) => tile.shadowRoot!.textContent)
        .join(' ');
    expect(said()).to.contain('Microphone off');
    expect(said()).not.to.match(/No microphone|No camera/);
    session.update({ people: people({ microphoneMissing: true, cameraMissing: true }) });
    await settled(room);
    expect(said()).to.contain('No microphone').and.contain('No camera');
    expect(said()).not.to.contain('Microphone off');
    await expect(room).to.be.accessible();
  });

  it('are marked as unverified only if they gave a name that nobody verified', async () => {
    const doubts = async (visitor: Partial<typeof alice>) => {
      const shown = { ...alice, role: 'visitor', verified: false, ...visitor } as const;
      const room = await roomOf(
        new FakeRoomControl({ people: [{ ...me, verified: false }, shown] }),
      );
      return deepAll(room.shadowRoot!, '.doubtful').length;
    };
    expect(await doubts({ name: 'Mallory' })).to.equal(1);
    expect(await doubts({ name: 'Visitor' })).to.equal(0);
    expect(await doubts({ name: 'Clara', verified: true })).to.equal(0);
  });

  it('fit on a stage of 320 pixels', async () => {
    const people = [me, alice, ...guests.map((one) => ({ ...one, name: one.name.repeat(40) }))];
    for (const layout of ['auto', 'grid', 'speaker'] as const) {
      const room = await roomOf(new FakeRoomControl({ people, chat: conversation }), {
        width: 320,
        height: 568,
        chat: true,
      });
      room.layout = layout;
      await settled(room);
      const stage = deepOne(room, 'rtc-room-stage');
      const tiles = () => deepAll(room.shadowRoot!, 'rtc-participant-tile');
      await waitUntil(() => tiles().every((one) => one.offsetWidth > 0), 'the tiles have places');
      await Promise.all(stage.getAnimations({ subtree: true }).map(({ finished }) => finished));
      const edge = room.getBoundingClientRect();
      for (const one of deepAll(room.shadowRoot!, 'button, [role=group], .bubble, textarea')) {
        // Without room some controls are hidden.
        if (!one.checkVisibility()) continue;
        const { left, right } = one.getBoundingClientRect();
        expect(left, one.outerHTML).at.least(edge.left);
        expect(right, one.outerHTML).at.most(edge.right + 0.5);
      }
    }
  });

  it('come and go as events of the element', async () => {
    const session = new FakeRoomControl({ state: 'joining', people: [me] });
    const heard: string[] = [];
    const names = ['room-joined', 'participant-joined', 'participant-left', 'room-left'] as const;
    const listen = (event: Event) => heard.push(event.type);
    for (const name of names) document.addEventListener(name, listen);
    const room = await roomOf(session);
    session.update({ state: 'joined', people: [me, alice] });
    await settled(room);
    session.update({ people: [me] });
    await settled(room);
    session.update({ state: 'left' });
    await settled(room);
    for (const name of names) document.removeEventListener(name, listen);
    expect(heard).to.deep.equal([...names]);
  });

  it('are told that the screen is shared, with a button that stops it', async () => {
    const screen = { ...localMedia.screen, state: 'on' } as const;
    const session = new FakeRoomControl({ local: { ...localMedia, screen } });
    const room = await roomOf(session);
    await waitUntil(
      () => deepAll(room.shadowRoot!, '.notice p').length > 0,
      'the notice is there',
      {
        timeout: 20_000,
      },
    );
    deepOne<HTMLButtonElement>(room, '.notice button').click();
    expect(session.asked).to.include('stopScreen()');
  });

  it('can be heard after a press if the browser blocked the sound', async () => {
    const session = new FakeRoomControl({ audioBlocked: true });
    const room = await roomOf(session);
    buttonOf(room, 'Turn on sound').click();
    expect(session.asked).to.include('startAudio()');
  });

  it('can try the media again if they failed and the call goes on as a chat', async () => {
    const session = new FakeRoomControl({ mediaError: 'media-failed' });
    const room = await roomOf(session);
    const notice = () => deepOne(room, '.notice[role=alert]').textContent;
    await waitUntil(() => notice()?.includes('could not be connected'), 'what failed is said');
    buttonOf(room, 'Try again').click();
    expect(session.asked).to.include('retryMedia()');
  });

  it('no longer change an element that was removed', async () => {
    const session = new FakeRoomControl();
    let listeners = 0;
    const subscribe = session.subscribe.bind(session);
    session.subscribe = (listener) => {
      const stop = subscribe(listener);
      listeners += 1;
      return () => {
        listeners -= 1;
        stop();
      };
    };
    const room = await roomOf(session);
    expect(listeners).to.equal(1);
    room.remove();
    expect(listeners).to.equal(0);
  });
});
