import { expect, waitUntil } from '@open-wc/testing';
import type { ChatEntry, ChatSnapshot } from '../../../../src/call/room-control.ts';
import type { CallRoom } from '../../../../src/elements/call-room/call-room.ts';
import { RtcDeskError } from '../../../../src/protocol/errors.ts';
import { FakeRoomControl, chatEntry } from '../../../support/fake-room-control.ts';
import { buttonOf, deepAll, deepOne, roomOf, settled } from '../../../support/room-fixture.ts';

const chatOf = (entries: ChatEntry[], change: Partial<ChatSnapshot> = {}): ChatSnapshot => ({
  state: 'ready',
  entries,
  typing: [],
  unread: 0,
  ...change,
});
const field = (room: CallRoom) => deepOne<HTMLTextAreaElement>(room, 'textarea');
const log = (room: CallRoom) => deepOne(room, '[role=log]');

function enter(room: CallRoom, text: string): void {
  field(room).value = text;
  field(room).dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
}

function press(on: Element, key: string, init: KeyboardEventInit = {}): void {
  on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true, ...init }));
}

async function picture(colour = 'black'): Promise<Blob> {
  const canvas = new OffscreenCanvas(40, 30);
  const context = canvas.getContext('2d')!;
  context.fillStyle = colour;
  context.fillRect(0, 0, 40, 30);
  return canvas.convertToBlob();
}

describe('the field of the conversation', () => {
  it('sends with Enter, and is empty afterwards', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session, { chat: true });
    enter(room, 'Hello\nAlice');
    expect(session.asked).to.include('notifyTyping()');
    press(field(room), 'Enter');
    expect(session.asked).to.include('sendText(Hello\nAlice)');
    expect(field(room).value).to.equal('');
  });

  it('sends no control characters, which the desk refuses, and keeps lines and tabs', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session, { chat: true });
    enter(room, 'a\u0000b\u001b[1m\r\nc\td\u000be');
    press(field(room), 'Enter');
    expect(session.asked).to.include('sendText(ab[1m\nc\td\ne)');
  });

  it('does not send while an input method composes, nor with Shift', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session, { chat: true });
    enter(room, 'ni hao');
    press(field(room), 'Enter', { isComposing: true });
    // Safari's: the word has ended before the key event.
    press(field(room), 'Enter', { keyCode: 229 });
    press(field(room), 'Enter', { shiftKey: true });
    enter(room, '   ');
    buttonOf(room, 'Send message').click();
    expect(session.asked.join()).not.to.contain('sendText');
  });

  it('keeps a text that was refused, and tells the reason', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session, { chat: true });
    enter(room, 'far too long');
    session.failure = new RtcDeskError('message-too-long');
    buttonOf(room, 'Send message').click();
    await settled(room);
    expect(field(room).value).to.equal('far too long');
    const said = () => deepOne(room, '[role=alert]').textContent?.includes('too long');
    await waitUntil(said, 'it says why');
  });

  it('sends pictures by paste and by drop', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session, { chat: true });
    const files = new DataTransfer();
    files.items.add(new File([await picture()], 'a.png', { type: 'image/png' }));
    const paste = { clipboardData: files, bubbles: true, cancelable: true };
    field(room).dispatchEvent(new ClipboardEvent('paste', paste));
    const drag = { dataTransfer: files, bubbles: true, cancelable: true };
    log(room).dispatchEvent(new DragEvent('dragover', drag));
    log(room).dispatchEvent(new DragEvent('drop', drag));
    expect(session.images.map(({ type }) => type)).to.deep.equal(['image/png', 'image/png']);
  });

  it('keeps what is half written when the conversation is closed and when the page is loaded again', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session, { chat: true });
    enter(room, 'half a sentence');
    room.chatOpen = false;
    await settled(room);
    room.chatOpen = true;
    await settled(room);
    expect(field(room).value).to.equal('half a sentence');
    const reloaded = await roomOf(new FakeRoomControl(), { chat: true, draft: true });
    expect(field(reloaded).value).to.equal('half a sentence');
    field(reloaded).form!.requestSubmit();
    const later = await roomOf(new FakeRoomControl(), { chat: true, draft: true });
    expect(field(later).value).to.equal('');
  });

  it('inserts an emoji at the caret, chosen by keyboard', async () => {
    const room = await roomOf(new FakeRoomControl(), { chat: true });
    enter(room, 'ab');
    field(room).setSelectionRange(1, 1);
    buttonOf(room, 'Emoji').click();
    const first = () => deepAll<HTMLElement>(room.shadowRoot!, 'rtc-emoji-picker')[0]?.shadowRoot;
    await waitUntil(() => first()?.activeElement, 'the first emoji has the focus');
    press(first()!.activeElement!, 'ArrowDown');
    press(first()!.activeElement!, 'ArrowRight');
    const chosen = first()!.activeElement as HTMLButtonElement;
    expect(chosen.getAttribute('aria-label')).to.equal('neutral face');
    await expect(room).to.be.accessible();
    chosen.click();
    expect(field(room).value).to.equal('a😐b');
  });
});

describe('the conversation', () => {
  it('shows messages as text, and links only safe addresses', async () => {
    const text = '<b>bold</b> javascript:alert(1) https://example.com/a?b=1.';
    const session = new FakeRoomControl({ chat: chatOf([chatEntry({ id: '1', text })]) });
    const room = await roomOf(session, { chat: true });
    const bubble = deepOne(room, '.bubble span');
    expect(bubble.textContent).to.equal(text);
    const links = [...bubble.querySelectorAll('a')];
    expect(links.map(({ href }) => href)).to.deep.equal(['https://example.com/a?b=1']);
    expect(links[0]!.relList.contains('noopener')).to.equal(true);
    expect(bubble.querySelector('b')).to.equal(null);
  });

  it('shows the status of own messages, and sends a failed one again', async () => {
    const mine = { mine: true, from: 'me', name: 'Ada' } as const;
    const session = new FakeRoomControl({
      chat: chatOf([
        chatEntry({ id: '1', text: 'a', ...mine, status: 'failed', error: 'offline' }),
        chatEntry({ id: '2', text: 'b', ...mine, status: 'pending' }),
      ]),
    });
    const room = await roomOf(session, { chat: true });
    const marks = () => deepAll(room.shadowRoot!, '.mark').map((one) => one.textContent?.trim());
    expect(marks()[0]).to.contain('Not sent.').and.to.contain('There is no connection.');
    expect(marks()[1]).to.equal('Sending…');
    buttonOf(room, 'Send again: a').click();
    expect(session.asked).to.include('retryMessage(1)');
    session.update({ chat: chatOf([chatEntry({ id: '2', text: 'b', ...mine, status: 'seen' })]) });
    await settled(room);
    expect(marks()).to.deep.equal(['Seen']);
  });

  it('draws a picture, and shows it large after a press', async () => {
    const image = { id: 'image-1', width: 40, height: 30 };
    const session = new FakeRoomControl({ chat: chatOf([chatEntry({ id: '1', image })]) });
    session.image = await picture();
    const room = await roomOf(session, { chat: true });
    const button = buttonOf(room, 'Picture from Alice');
    await waitUntil(() => button.ariaBusy === 'false', 'the picture is drawn');
    const pixel = button.querySelector('canvas')!.getContext('2d')!.getImageData(1, 1, 1, 1).data;
    expect(pixel[3]).to.equal(255);
    button.click();
    await waitUntil(() => deepAll(room.shadowRoot!, 'dialog[open]').length === 1, 'it opens');
    buttonOf(room, 'Close picture').click();
    await waitUntil(() => deepAll(room.shadowRoot!, 'dialog').length === 0, 'it closes');
  });

  it('drops a picture that arrives after another one took its place', async () => {
    const shown = (id: string) =>
      chatOf([chatEntry({ id: '1', image: { id, width: 40, height: 30 } })]);
    const session = new FakeRoomControl({ chat: shown('red') });
    session.loadImage = (id) => picture(id);
    const real = window.createImageBitmap;
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    const asked: Promise<ImageBitmap>[] = [];
    window.createImageBitmap = (blob: ImageBitmapSource) => {
      const first = asked.length === 0;
      const bitmap = (first ? held : Promise.resolve()).then(() => real(blob));
      asked.push(bitmap);
      return bitmap;
    };
    try {
      const room = await roomOf(session, { chat: true });
      await waitUntil(() => asked.length === 1, 'the first is being read');
      session.update({ chat: shown('lime') });
      const button = buttonOf(room, 'Picture from Alice');
      await waitUntil(() => button.ariaBusy === 'false', 'the second is drawn');
      release();
      await asked[0];
      await settled(room);
      const canvas = button.querySelector('canvas')!;
      const [red, green] = canvas.getContext('2d')!.getImageData(1, 1, 1, 1).data;
      expect([red, green]).to.deep.equal([0, 255]);
    } finally {
      window.createImageBitmap = real;
    }
  });

  it('keeps the shown messages as they are when earlier ones are added', async () => {
    const later = [chatEntry({ id: 'b', text: 'Later' }), chatEntry({ id: 'c', text: 'Last' })];
    const session = new FakeRoomControl({ chat: chatOf(later) });
    const room = await roomOf(session, { chat: true });
    const bubbles = () => deepAll(room.shadowRoot!, '.bubble');
    const before = bubbles();
    session.update({ chat: chatOf([chatEntry({ id: 'a', text: 'First' }), ...later]) });
    await settled(room);
    expect(bubbles().map((one) => one.textContent!.trim())).to.deep.equal([
      'First',
      'Later',
      'Last',
    ]);
    for (const [index, bubble] of before.entries()) expect(bubbles()[index + 1]).to.equal(bubble);
  });

  it('offers to load a failed picture again', async () => {
    const image = { id: 'image-1', width: 40, height: 30 };
    const session = new FakeRoomControl({ chat: chatOf([chatEntry({ id: '1', image })]) });
    const room = await roomOf(session, { chat: true });
    await waitUntil(() => deepAll(room.shadowRoot!, '.failed').length === 1, 'it failed');
    session.image = await picture();
    buttonOf(room, 'Try again').click();
    await settled(room);
    const button = buttonOf(room, 'Picture from Alice');
    await waitUntil(() => button.ariaBusy === 'false', 'the picture is drawn');
  });

  it('scrolls to new messages, but not while somebody reads further up', async () => {
    const many = Array.from({ length: 40 }, (_, n) => chatEntry({ id: `${n}`, text: `Line ${n}` }));
    const session = new FakeRoomControl({ chat: chatOf(many) });
    const room = await roomOf(session, { chat: true });
    const end = () => log(room).scrollHeight - log(room).clientHeight - log(room).scrollTop;
    await waitUntil(() => end() < 2, 'it stands at the end');
    const scrolled = new Promise((resolve) =>
      log(room).addEventListener('scroll', resolve, { once: true }),
    );
    log(room).scrollTop = 0;
    await scrolled;
    session.update({ chat: chatOf([...many, chatEntry({ id: 'new', text: 'New' })]) });
    await settled(room);
    expect(log(room).scrollTop).to.equal(0);
    buttonOf(room, 'New messages').click();
    await settled(room);
    expect(end()).below(2);
  });

  it('stays at the end when the window changes its shape', async () => {
    const text = 'A line that is broken anew where there is less room for it. '.repeat(3);
    const many = Array.from({ length: 40 }, (_, n) => chatEntry({ id: `${n}`, text }));
    const room = await roomOf(new FakeRoomControl({ chat: chatOf(many) }), { chat: true });
    const end = () => log(room).scrollHeight - log(room).clientHeight - log(room).scrollTop;
    await waitUntil(() => end() < 2, 'it stands at the end');
    // A browser that does the layout in two steps scrolls up in the first, and dispatches `scroll` after the second.
    log(room).scrollTop -= 5;
    room.parentElement!.style.height = '400px';
    log(room).dispatchEvent(new Event('scroll'));
    expect(end()).above(48);
    await waitUntil(() => end() < 2, 'it stands at the end again');
  });

  it('counts new messages on its button while it is closed, and marks them read when it opens', async () => {
    const session = new FakeRoomControl({
      chat: chatOf([chatEntry({ id: '1', text: 'Hello' })], { unread: 3 }),
    });
    const room = await roomOf(session);
    expect(deepOne(room, '.badge').dataset.count).to.equal('3');
    expect(buttonOf(room, 'Chat').ariaDescription).to.equal('3 new messages');
    expect(session.asked).not.to.include('markRead()');
    buttonOf(room, 'Chat').click();
    await waitUntil(() => session.asked.includes('markRead()'), 'it is read');
    const focused = () => deepOne(room, 'rtc-chat-composer').shadowRoot!.activeElement;
    await waitUntil(() => focused() === field(room), 'the field has the focus');
    buttonOf(room, 'Close chat').click();
    await settled(room);
    expect(deepAll(room.shadowRoot!, '[role=log]')).lengthOf(0);
  });
});
