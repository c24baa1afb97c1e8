import { expect, waitUntil } from '@open-wc/testing';
import { RtcDeskError } from '../../../src/call/error.ts';
import type { RoomSnapshot } from '../../../src/call/room-control.ts';
import { setLocale } from '../../../src/locales/locales.ts';
import { drawnTrack } from '../../support/drawn-track.ts';
import {
  FakeRoomControl,
  chatEntry,
  localMedia,
  person,
  roomSnapshot,
} from '../../support/fake-room-control.ts';
import { buttonOf, deepAll, deepOne, roomOf, settled } from '../../support/room-fixture.ts';

const [me, alice] = roomSnapshot.people as [RoomSnapshot['people'][0], RoomSnapshot['people'][0]];
const guests = ['Bea', 'Cem', 'Dee', 'Eli'].map((name) => person({ id: name, name }));
const refused = { state: 'failed', error: 'permission-denied', deviceId: '', track: null } as const;
const conversation = {
  state: 'ready',
  typing: ['Alice'],
  unread: 0,
  entries: [
    chatEntry({ id: '1', text: 'See https://example.com/a.' }),
    chatEntry({ id: '2', mine: true, from: 'me', text: 'Seen', status: 'seen' }),
    chatEntry({
      id: '3',
      mine: true,
      from: 'me',
      text: 'Lost',
      status: 'failed',
      error: 'offline',
    }),
    chatEntry({ id: '4', mine: true, from: 'me', text: 'Coming', status: 'pending' }),
  ],
} as const;

const states: Record<string, Partial<RoomSnapshot>> = {
  joining: { state: 'joining', people: [] },
  alone: { people: [me] },
  'with one other': {},
  'with unread messages': { chat: { ...roomSnapshot.chat, unread: 3 } },
  'with five others': { people: [me, alice, ...guests] },
  'with all that can go wrong': {
    audioBlocked: true,
    signaling: 'offline',
    people: [me, { ...alice, state: 'reconnecting', microphoneOn: false, quality: 1 }],
    local: { ...localMedia, camera: refused, microphone: { ...refused, error: 'no-microphone' } },
  },
  reconnecting: { state: 'reconnecting' },
  failed: { state: 'failed', error: 'media-failed' },
  left: { state: 'left' },
};

describe('the accessibility of <call-room>', () => {
  for (const theme of ['light', 'dark']) {
    for (const [name, change] of Object.entries(states)) {
      it(`holds ${name}, ${theme}`, async () => {
        const room = await roomOf(new FakeRoomControl(change), { theme });
        await expect(room).to.be.accessible();
      });
    }
    for (const layout of ['grid', 'speaker'] as const) {
      it(`holds in the layout ${layout}, ${theme}`, async () => {
        const people = [me, { ...alice, level: 0.8 }, ...guests];
        const room = await roomOf(new FakeRoomControl({ people }), { theme });
        room.layout = layout;
        await settled(room);
        await expect(room).to.be.accessible();
      });
    }
    it(`holds with the conversation open, ${theme}`, async () => {
      const session = new FakeRoomControl({ chat: conversation });
      const room = await roomOf(session, { theme, chat: true });
      await expect(room).to.be.accessible();
    });
  }

  it('holds with a shared screen', async () => {
    const screen = drawnTrack();
    const room = await roomOf(new FakeRoomControl({ people: [me, { ...alice, screen }] }));
    expect(deepAll(room.shadowRoot!, "[role=group][aria-label='Alice’s screen']")).lengthOf(1);
    await expect(room).to.be.accessible();
    screen.stop();
  });

  it('holds in Chinese', async () => {
    await setLocale('zh-CN');
    const room = await roomOf(new FakeRoomControl({ chat: conversation }), { chat: true });
    room.lang = 'zh-CN';
    await settled(room);
    await expect(room).to.be.accessible();
    room.remove();
    await setLocale('en');
  });

  it('names its parts as the contract says', async () => {
    const session = new FakeRoomControl({ chat: conversation });
    const room = await roomOf(session, { chat: true });
    for (const [role, name] of [
      ['toolbar', 'Call controls'],
      ['log', 'Conversation'],
      ['group', 'Ada Lovelace'],
      ['group', 'Alice'],
    ]) {
      expect(deepAll(room.shadowRoot!, `[role=${role}][aria-label='${name}']`), name).lengthOf(1);
    }
    for (const name of ['Mute microphone', 'Turn camera off', 'Share screen', 'Chat']) {
      buttonOf(room, name);
    }
    for (const name of ['Leave call', 'Send message', 'Send image', 'Emoji']) buttonOf(room, name);
    deepOne(room, "textarea[aria-label='Message']");
    deepOne(room, "[role=group][aria-label='Alice'] video");
  });

  it('lets an agent end the call that everybody else leaves', async () => {
    const room = await roomOf(new FakeRoomControl({ people: [{ ...me, role: 'agent' }, alice] }));
    buttonOf(room, 'End call');
  });
});

describe('the controls', () => {
  it('ask, and change nothing until a snapshot says so', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    buttonOf(room, 'Mute microphone').click();
    buttonOf(room, 'Turn camera off').click();
    buttonOf(room, 'Leave call').click();
    await settled(room);
    expect(session.asked.filter((one) => !one.startsWith('setPictureSize'))).to.deep.equal([
      'setMicrophoneOn(false)',
      'setCameraOn(false)',
      'leave()',
    ]);
    buttonOf(room, 'Mute microphone');
    session.update({
      local: { ...localMedia, microphone: { ...refused, state: 'off', error: null } },
    });
    await settled(room);
    buttonOf(room, 'Unmute microphone');
  });

  it('are one stop of the Tab key, and the arrow keys go through them', async () => {
    const room = await roomOf(new FakeRoomControl());
    const buttons = deepAll<HTMLButtonElement>(room.shadowRoot!, '[role=toolbar] button');
    expect(buttons.filter(({ tabIndex }) => tabIndex === 0)).lengthOf(1);
    buttons[0]!.focus();
    const press = (key: string, on: HTMLElement) =>
      on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
    press('ArrowRight', buttons[0]!);
    const bar = deepOne(room, 'rtc-call-controls').shadowRoot!;
    expect(bar.activeElement).to.equal(buttons[1]);
    press('End', buttons[1]!);
    expect(bar.activeElement).to.equal(buttons.at(-1));
    press('ArrowRight', buttons.at(-1)!);
    expect(bar.activeElement).to.equal(buttons[0]);
  });

  it('are those that the attribute names', async () => {
    const room = await roomOf(new FakeRoomControl());
    room.setAttribute('controls', 'microphone leave nonsense');
    await settled(room);
    expect(deepAll(room.shadowRoot!, '[role=toolbar] button')).lengthOf(2);
    room.setAttribute('controls', '');
    await settled(room);
    expect(deepAll(room.shadowRoot!, '[role=toolbar]')).lengthOf(0);
  });

  it('obey single keys, except in a field', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session, { chat: true });
    const type = (on: Element, key: string) =>
      on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
    type(deepOne(room, 'textarea'), 'm');
    expect(session.asked).not.to.include('setMicrophoneOn(false)');
    type(deepOne(room, '[role=log]'), 'm');
    expect(session.asked).to.include('setMicrophoneOn(false)');
  });

  it('choose a device from a menu', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    buttonOf(room, 'Camera and sound').click();
    await waitUntil(() => deepAll(room.shadowRoot!, 'select').length > 0, 'the menu opens');
    const camera = deepOne<HTMLSelectElement>(room, 'select');
    camera.value = 'camera-2';
    camera.dispatchEvent(new Event('change'));
    expect(session.asked).to.include('useCamera(camera-2)');
    await expect(room).to.be.accessible();
  });

  it('get the focus back when the menu closes', async () => {
    const room = await roomOf(new FakeRoomControl());
    const button = buttonOf(room, 'Camera and sound');
    button.focus();
    button.click();
    const focused = () => (button.getRootNode() as ShadowRoot).activeElement;
    await waitUntil(() => focused()?.localName === 'rtc-device-menu', 'the menu has the focus');
    (focused() as HTMLElement).hidePopover();
    await waitUntil(() => focused() === button, 'the button has the focus');
  });

  it('tell what a wish failed with, to the person and to the page', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    session.failure = new RtcDeskError('device-busy');
    const told = new Promise<string>((resolve) => {
      room.addEventListener('call-error', ({ detail }) => resolve(detail.code), { once: true });
    });
    buttonOf(room, 'Turn camera off').click();
    expect(await told).to.equal('device-busy');
    await settled(room);
    expect(deepOne(room, '[role=alert]').textContent).to.contain('Another program');
  });
});

describe('the people', () => {
  it('are mirrored only where one sees oneself', async () => {
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

  it('have names that are shown as text, whatever they say', async () => {
    const name = '<img src=x onerror="window.hacked = true">';
    const room = await roomOf(new FakeRoomControl({ people: [me, { ...alice, name }] }));
    expect(deepAll(room.shadowRoot!, 'img')).lengthOf(0);
    expect(deepAll(room.shadowRoot!, '.name').map((one) => one.textContent)).to.include(name);
  });

  it('see how long a call has lasted, except for an agent, whose desk says so', async () => {
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

  it('are told that the connection is interrupted, except for an agent, whose desk says so', async () => {
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

  it('are doubted only where they gave a name that nobody vouched for', async () => {
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
      await waitUntil(() => !stage.hasAttribute('moving'), 'the stage knows its size');
      await Promise.all(stage.getAnimations({ subtree: true }).map(({ finished }) => finished));
      const edge = room.getBoundingClientRect();
      for (const one of deepAll(room.shadowRoot!, 'button, [role=group], .bubble, textarea')) {
        // Some controls are left out where there is no room for them.
        if (!one.checkVisibility()) continue;
        const { left, right } = one.getBoundingClientRect();
        expect(left, one.outerHTML).at.least(edge.left);
        expect(right, one.outerHTML).at.most(edge.right + 0.5);
      }
    }
  });

  it('come and go as events that a page hears', async () => {
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

  it('are heard after a press where the browser blocked the sound', async () => {
    const session = new FakeRoomControl({ audioBlocked: true });
    const room = await roomOf(session);
    buttonOf(room, 'Turn on sound').click();
    expect(session.asked).to.include('startAudio()');
  });

  it('can try sound and pictures again where both failed and the call goes on in writing', async () => {
    const session = new FakeRoomControl({ mediaError: 'media-failed' });
    const room = await roomOf(session);
    const notice = () => deepOne(room, '.notice[role=alert]').textContent;
    await waitUntil(() => notice()?.includes('could not be connected'), 'what failed is said');
    buttonOf(room, 'Try again').click();
    expect(session.asked).to.include('retryMedia()');
  });

  it('are no longer listened to by an element that was taken away', async () => {
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
