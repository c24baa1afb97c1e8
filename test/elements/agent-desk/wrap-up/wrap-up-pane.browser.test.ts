import { expect, waitUntil } from '@open-wc/testing';
import '../../../../src/elements/agent-desk/define.ts';
import { left } from '../../../support/fake-agent-desk-control.ts';
import { openDesk, textOf, within, type OpenDesk } from '../open-desk.ts';

describe('the wrap-up of a call', () => {
  let open: OpenDesk;

  afterEach(() => open.close());

  it('tells why the call ended and how long the wrap-up lasts, and can be finished', async () => {
    open = await openDesk();
    const { chatEntry, FakeRoomControl } = await import('../../../support/fake-room-control.ts');
    const entries = [chatEntry({ id: 'm', name: 'Clara', text: 'The lamp is red.' })];
    const lastRoom = new FakeRoomControl({
      chat: { state: 'closed', entries, typing: [], unread: 0 },
    });
    open.control.show({ status: 'wrap-up', legs: [left()] }, { lastRoom });
    await open.settle();
    const view = within(open.desk, 'rtc-wrap-up');
    expect(textOf(view)).to.contain('The visitor left the call. You talked for 3 min 5 s.');
    expect(textOf(view)).to.match(/Ends automatically in 0:2[12]/);
    expect(textOf(within(view, 'rtc-past-conversation'))).to.contain('The lamp is red.');
    open.press('rtc-wrap-up', 'Finish wrap-up');
    await open.settle();
    expect(open.control.asked).to.include('finishWrapUp()');
  });

  it('shows the pictures of the conversation, and links safe addresses', async () => {
    open = await openDesk();
    const { chatEntry, FakeRoomControl } = await import('../../../support/fake-room-control.ts');
    const image = { id: 'image-1', width: 40, height: 30 };
    const entries = [
      chatEntry({ id: 'a', name: 'Visitor', image }),
      chatEntry({ id: 'b', text: 'See https://example.com/a and javascript:alert(1)' }),
    ];
    const lastRoom = new FakeRoomControl({
      chat: { state: 'closed', entries, typing: [], unread: 0 },
    });
    lastRoom.image = await new OffscreenCanvas(40, 30).getContext('2d')!.canvas.convertToBlob();
    open.control.show({ status: 'wrap-up', legs: [left()] }, { lastRoom });
    await open.settle();
    const past = within(within(open.desk, 'rtc-wrap-up'), 'rtc-past-conversation');
    const shown = within(past, 'rtc-chat-image').querySelector<HTMLElement>('button.picture')!;
    await waitUntil(() => shown.ariaBusy === 'false', 'the picture is drawn');
    expect(shown.getAttribute('aria-label')).to.equal('Picture from Visitor');
    const links = [...past.querySelectorAll('a')].map(({ href }) => href);
    expect(links).to.deep.equal(['https://example.com/a']);
  });

  it('says that a call did not connect only if it did not', async () => {
    open = await openDesk();
    const leg = left();
    const shown = async (call: Partial<typeof leg.call>): Promise<string> => {
      open.control.show({ status: 'wrap-up', legs: [{ ...leg, call: { ...leg.call, ...call } }] });
      await open.settle();
      return textOf(within(open.desk, 'rtc-wrap-up'));
    };
    const ended = { reason: 'agent-ended', at: Date.now(), seconds: 0 } as const;
    expect(await shown({ connectedAt: null, ended })).to.contain('The call did not connect.');
    // The agent handed the call over, and it goes on.
    const handedOver = await shown({ connectedAt: 1, ended: null });
    expect(handedOver).to.contain('You left the call.');
    expect(handedOver).not.to.contain('did not connect');
    // It lasted for less than a second.
    expect(await shown({ connectedAt: 1, ended })).not.to.contain('did not connect');
  });
});
