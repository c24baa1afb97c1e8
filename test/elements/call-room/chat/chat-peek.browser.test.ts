import { expect, waitUntil } from '@open-wc/testing';
import {
  isMessageSoundOn,
  playMessageSound,
  setMessageSound,
} from '../../../../src/elements/call-room/chat/message-sound.ts';
import { RequestEvent } from '../../../../src/elements/parts/events/requests.ts';
import { RtcDeskError } from '../../../../src/protocol/errors.ts';
import { chatEntry, FakeRoomControl } from '../../../support/fake-room-control.ts';
import { deepAll, deepOne, roomOf, settled } from '../../../support/room-fixture.ts';

const peekOf = (room: Element) => room.shadowRoot!.querySelector('rtc-chat-peek');
const words = (room: Element) => peekOf(room)?.shadowRoot!.querySelector('span')?.textContent;

/** Somebody writes. */
function write(session: FakeRoomControl, ...texts: (string | null)[]): void {
  const { chat } = session.getSnapshot();
  const entries = texts.map((text, index) =>
    chatEntry({ id: `${chat.entries.length + index}`, name: 'Alice', text }),
  );
  const unread = chat.unread + texts.length;
  session.update({ chat: { ...chat, entries: [...chat.entries, ...entries], unread } });
}

describe('a new message while the conversation is closed', () => {
  before(() => setMessageSound(false));
  after(() => setMessageSound(true));

  it('shows the sender and the first words, and is announced politely', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    write(session, 'Please look\nat the meter');
    await waitUntil(() => words(room), 'nothing is shown');
    const peek = peekOf(room)!;
    expect(peek.shadowRoot!.querySelector('strong')!.textContent).to.equal('Alice');
    expect(words(room)).to.equal('Please look at the meter');
    expect(peek.shadowRoot!.querySelector('[role=status] button')).not.to.equal(null);
    await expect(room).to.be.accessible();
  });

  it('shows the newest one, cuts a long one, and names a picture', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    write(session, 'first', 'x'.repeat(500));
    await waitUntil(() => words(room), 'nothing is shown');
    expect(words(room)).to.equal(`${'x'.repeat(120)}…`);
    write(session, null);
    await waitUntil(() => words(room) === 'Picture', 'the picture is not named');
    expect(deepAll(room.shadowRoot!, 'rtc-chat-peek')).lengthOf(1);
  });

  it('opens the conversation at a press, and is gone then', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    write(session, 'hello');
    await waitUntil(() => words(room), 'nothing is shown');
    peekOf(room)!.shadowRoot!.querySelector('button')!.click();
    await settled(room);
    expect(room.chatOpen).to.equal(true);
    expect(peekOf(room)).to.equal(null);
    write(session, 'more');
    await settled(room);
    expect(peekOf(room)).to.equal(null);
  });

  it('is not shown for what this person writes', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    const { chat } = session.getSnapshot();
    session.update({
      chat: { ...chat, entries: [chatEntry({ id: 'm', mine: true, text: 'hi' })] },
    });
    await settled(room);
    expect(peekOf(room)).to.equal(null);
  });
});

describe('the sound of a message', () => {
  afterEach(() => setMessageSound(true));

  it('is made of two tones, and none where it is muted', async () => {
    let made = 0;
    const offline = () => {
      made++;
      return new OfflineAudioContext(1, 48_000, 48_000) as unknown as AudioContext;
    };
    setMessageSound(false);
    expect(isMessageSoundOn()).to.equal(false);
    playMessageSound(offline);
    expect(made).to.equal(0);
    setMessageSound(true);
    playMessageSound(offline);
    expect(made).to.equal(1);
  });
});

describe('a message that is refused', () => {
  it('is explained above its field, and not over the picture', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session, { chat: true });
    session.failure = new RtcDeskError('image-too-large');
    deepOne(room, 'rtc-chat-composer').dispatchEvent(
      new RequestEvent('send-image-request', { image: new Blob([]) }),
    );
    await settled(room);
    const pane = deepOne(room, 'rtc-chat-pane').shadowRoot!;
    const told = () => pane.querySelector('[role=alert]')?.textContent.trim();
    await waitUntil(told, 'nothing is told');
    expect(told()).to.match(/picture/i);
    expect(room.shadowRoot!.querySelector('.notices [role=alert]')).to.equal(null);
    deepOne(room, 'rtc-chat-composer').dispatchEvent(
      new RequestEvent('send-text-request', { text: 'hello' }),
    );
    await settled(room);
    expect(pane.querySelector('[role=alert]')).to.equal(null);
  });
});
