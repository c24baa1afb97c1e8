import { expect, waitUntil } from '@open-wc/testing';
import type { CallRoom } from '../../../../src/elements/call-room/call-room.ts';
import { TOOL_HANDLERS } from '../../../../src/elements/call-room/tools/tool-handlers.ts';
import { toolLayer } from '../../../../src/elements/call-room/tools/tool-context.ts';
import { FakeRoomControl, person } from '../../../support/fake-room-control.ts';
import { buttonOf, deepAll, deepOne, roomOf, settled } from '../../../support/room-fixture.ts';

const menuOf = (room: CallRoom) => room.shadowRoot!.querySelector('rtc-more-menu');
const itemsOf = (room: CallRoom) => [
  ...(menuOf(room)?.shadowRoot?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? []),
];
const names = (room: CallRoom) =>
  itemsOf(room).map((item) => item.querySelector('span')!.textContent);

async function open(room: CallRoom): Promise<HTMLElement> {
  const button = buttonOf(room, 'More');
  button.focus();
  button.click();
  await waitUntil(() => menuOf(room)?.shadowRoot?.activeElement, 'the first entry has the focus');
  return button;
}
const press = (on: Element, key: string) =>
  on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, composed: true }));
const focused = (of: Element) => (of.getRootNode() as ShadowRoot).activeElement;

describe('the menu behind More', () => {
  it('is accessible: a menu with its entries, of a button that says so', async () => {
    const room = await roomOf(new FakeRoomControl());
    const button = await open(room);
    expect(button.getAttribute('aria-haspopup')).to.equal('menu');
    expect(button.getAttribute('aria-expanded')).to.equal('true');
    expect(menuOf(room)!.getAttribute('role')).to.equal('menu');
    expect(names(room)).to.include('Camera and sound');
    await expect(room).to.be.accessible();
  });

  it('goes round by the arrow keys, Home and End', async () => {
    const room = await roomOf(new FakeRoomControl());
    await open(room);
    const items = itemsOf(room);
    const current = () => items.indexOf(menuOf(room)!.shadowRoot!.activeElement as HTMLElement);
    expect(current()).to.equal(0);
    press(items[0]!, 'ArrowDown');
    expect(current()).to.equal(1);
    press(items[1]!, 'Home');
    press(items[0]!, 'ArrowUp');
    expect(current()).to.equal(items.length - 1);
    press(items.at(-1)!, 'End');
    expect(current()).to.equal(items.length - 1);
  });

  it('gives the focus back when it closes, also by Tab', async () => {
    const room = await roomOf(new FakeRoomControl());
    const button = await open(room);
    menuOf(room)!.hidePopover();
    await waitUntil(() => focused(button) === button, 'the button has the focus');
    expect(button.getAttribute('aria-expanded')).to.equal('false');
    expect(menuOf(room)).to.equal(null);
    await open(room);
    press(itemsOf(room)[0]!, 'Tab');
    await waitUntil(() => !menuOf(room), 'the menu is closed');
    expect(focused(button)).to.equal(button);
  });

  it('leaves out what `controls` does not name, and what is not possible', async () => {
    const room = await roomOf(new FakeRoomControl());
    room.setAttribute('controls', 'microphone fullscreen leave');
    await settled(room);
    await open(room);
    expect(names(room)).to.include('Full screen');
    expect(names(room)).not.to.include('Camera and sound');
    // Nobody shows a picture.
    expect(names(room)).not.to.include('Picture in picture');
  });

  it('goes to full screen by its key, without the menu', async () => {
    const room = await roomOf(new FakeRoomControl());
    let asked = 0;
    room.requestFullscreen = async () => void asked++;
    press(buttonOf(room, 'More'), 'f');
    await waitUntil(() => asked === 1, 'full screen is asked for');
  });

  it('chooses a device, and gives the focus back to the button', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    const button = await open(room);
    itemsOf(room)[0]!.click();
    await waitUntil(() => deepAll(room.shadowRoot!, 'select').length > 0, 'the choice opens');
    const camera = deepOne<HTMLSelectElement>(room, 'select');
    camera.value = 'camera-2';
    camera.dispatchEvent(new Event('change'));
    expect(session.asked).to.include('useCamera(camera-2)');
    await expect(room).to.be.accessible();
    const menu = room.shadowRoot!.querySelector('rtc-device-menu')!;
    await waitUntil(() => room.shadowRoot!.activeElement === menu, 'the choice has the focus');
    menu.hidePopover();
    await waitUntil(() => focused(button) === button, 'the button has the focus');
  });
});

describe('the own picture', () => {
  it('is hidden and moved by the menu, and dragged to another corner', async () => {
    const room = await roomOf(new FakeRoomControl());
    const stage = deepOne(room, 'rtc-room-stage');
    const own = () => deepOne(stage, '.floating');
    const choose = async (tool: string) => {
      await open(room);
      itemsOf(room)
        .find(({ dataset }) => dataset.tool === tool)!
        .click();
      await waitUntil(() => !menuOf(room), 'the menu is closed');
    };
    const first = own().getBoundingClientRect();
    await choose('move-own-picture');
    expect(own().getBoundingClientRect().left).to.be.below(first.left);
    await choose('hide-own-picture');
    expect(own().checkVisibility()).to.equal(false);
    await choose('hide-own-picture');
    expect(own().getBoundingClientRect().left).to.equal(first.left);
    own().setPointerCapture = () => undefined;
    const at = stage.getBoundingClientRect();
    const drag = (type: string, clientX: number, clientY: number) =>
      own().dispatchEvent(
        new PointerEvent(type, { clientX, clientY, bubbles: true, composed: true }),
      );
    drag('pointerdown', first.left + 5, first.top + 5);
    drag('pointermove', at.left + 60, at.top + 60);
    drag('pointerup', at.left + 60, at.top + 60);
    expect(own().getBoundingClientRect().top).to.be.below(at.top + at.height / 2);
    expect(own().getBoundingClientRect().left).to.be.below(at.left + at.width / 2);
  });
});

describe('a message of a tool', () => {
  const handlers = TOOL_HANDLERS as Record<string, (typeof TOOL_HANDLERS)[string]>;
  afterEach(() => delete handlers.probe);

  it('reaches the handler of its tool, with the room and the sender, in order', async () => {
    const session = new FakeRoomControl({
      people: [person({ id: 'me', self: true, role: 'visitor' }), person({ id: 'alice' })],
    });
    await roomOf(session);
    const got: unknown[] = [];
    let loads = 0;
    handlers.probe = async () => {
      loads++;
      return (context, message, from) =>
        void got.push([context.self.id, message.at, from, context.room === session]);
    };
    session.onToolMessage!({ tool: 'probe', at: 1 }, 'alice');
    session.onToolMessage!({ tool: 'unknown' }, 'alice');
    session.onToolMessage!({ tool: 'constructor' }, 'alice');
    session.onToolMessage!({ tool: 'probe', at: 2 }, 'alice');
    await waitUntil(() => got.length === 2, 'both are handled');
    expect(got).to.deep.equal([
      ['me', 1, 'alice', true],
      ['me', 2, 'alice', true],
    ]);
    expect(loads).to.equal(2);
  });

  it('may show elements over the pictures, which outlive a rendering', async () => {
    const session = new FakeRoomControl();
    const room = await roomOf(session);
    const mark = document.createElement('div');
    toolLayer(room).append(mark);
    session.update({ people: session.getSnapshot().people.slice(0, 1) });
    room.chatOpen = true;
    await settled(room);
    expect(mark.isConnected).to.equal(true);
    expect(toolLayer(room).contains(mark)).to.equal(true);
  });
});
