import { expect, waitUntil } from '@open-wc/testing';
import 'axe-core/axe.min.js';
import '../../../../src/elements/agent-desk/define.ts';
import { joined } from '../../../support/fake-agent-desk-control.ts';
import { FakeRoomControl } from '../../../support/fake-room-control.ts';
import { openDesk, textOf, within, type OpenDesk } from '../open-desk.ts';

const reply = (
  shortcut: string,
  text: string,
  picture: { width: number; height: number } | null,
) => ({
  ...{ id: shortcut, scope: 'site' as const, group: null, agent: null, language: null },
  shortcut,
  text,
  picture,
});

describe('canned replies in the conversation of a call', () => {
  let open: OpenDesk;
  let room: FakeRoomControl;

  beforeEach(async () => {
    open = await openDesk();
    open.control.records.readCannedReplies = async () => [
      reply('hello', 'Hello {visitor}, I am {agent}.', null),
      reply('help', 'Look at {param:device}.', { width: 4, height: 3 }),
    ];
    room = new FakeRoomControl({});
    open.control.show({ status: 'busy', legs: [joined()] }, { room, rooms: [room] });
    await open.settle();
    within(within(open.desk, 'rtc-call-view'), 'call-room');
    const callRoom = open.desk
      .shadowRoot!.querySelector('rtc-call-view')!
      .shadowRoot!.querySelector('call-room')!;
    callRoom.chatOpen = true;
    await waitUntil(() => callRoom.shadowRoot?.querySelector('rtc-chat-pane'), 'the chat is open');
    await open.settle();
  });
  afterEach(() => open.close());

  const picker = () => within(within(open.desk, 'rtc-call-view'), 'rtc-reply-picker');
  const field = () =>
    within(
      within(within(within(open.desk, 'rtc-call-view'), 'call-room'), 'rtc-chat-pane'),
      'rtc-chat-composer',
    ).querySelector('textarea')!;
  const type = async (text: string) => {
    field().value = text;
    field().dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    await open.settle();
  };
  const key = async (name: string) => {
    field().dispatchEvent(
      new KeyboardEvent('keydown', { key: name, bubbles: true, composed: true, cancelable: true }),
    );
    await open.settle();
  };
  const options = () =>
    [...picker().querySelectorAll('[role=option]')].map((one) => [
      one.querySelector('strong')!.textContent,
      one.getAttribute('aria-selected'),
    ]);

  it('opens with a slash, filters, and shows a preview with the variables filled in', async () => {
    await type('/');
    expect(options()).to.deep.equal([
      ['/hello', 'true'],
      ['/help', 'false'],
    ]);
    expect((await axe.run(open.desk)).violations.map(({ id }) => id)).to.deep.equal([]);
    await type('/hell');
    expect(options()).to.deep.equal([['/hello', 'true']]);
    expect(textOf(picker())).to.contain('Hello Clara Whitfield, I am');
    await type('Hello');
    expect(options()).to.deep.equal([]);
  });

  it('Enter takes the reply into the field and sends nothing; the next Enter sends it', async () => {
    await type('/');
    await key('Enter');
    expect(field().value).to.match(/^Hello Clara Whitfield, I am /);
    expect(room.asked.filter((one) => one.startsWith('sendText'))).to.deep.equal([]);
    await key('Enter');
    expect(room.asked.filter((one) => one.startsWith('sendText'))).to.have.length(1);
  });

  it('arrow keys choose, Escape closes the list, and a picture goes with the next message', async () => {
    await type('/');
    await key('ArrowDown');
    expect(options()[1]).to.deep.equal(['/help', 'true']);
    await key('Enter');
    await waitUntil(
      () => textOf(picker()).includes('The picture of the reply goes'),
      'the picture',
    );
    expect(field().value).to.equal('Look at METER-0042.');
    await key('Enter');
    const sent = room.asked.filter((one) => one.startsWith('send'));
    expect(sent.map((one) => one.split('(')[0])).to.deep.equal(['sendText', 'sendImage']);
    await type('/');
    await key('Escape');
    expect(options()).to.deep.equal([]);
  });
});
