import { expect } from '@open-wc/testing';
import type { RoomSnapshot } from '../../../src/call/room-control.ts';
import { setLocale } from '../../../src/locales/locales.ts';
import { drawnTrack } from '../../support/drawn-track.ts';
import { FakeRoomControl, localMedia, roomSnapshot } from '../../support/fake-room-control.ts';
import { buttonOf, deepAll, deepOne, roomOf, settled } from '../../support/room-fixture.ts';
import { alice, conversation, guests, me, refused } from './people-of-a-room.ts';

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

  it('says “End call” to an agent and “Leave call” to everybody else', async () => {
    const room = await roomOf(new FakeRoomControl({ people: [{ ...me, role: 'agent' }, alice] }));
    buttonOf(room, 'End call');
  });
});
