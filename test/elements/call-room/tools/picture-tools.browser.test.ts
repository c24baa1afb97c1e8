import { expect, waitUntil } from '@open-wc/testing';
import type { Person } from '../../../../src/call/room-control.ts';
import type { CallRoom } from '../../../../src/elements/call-room/call-room.ts';
import { drawnTrack } from '../../../support/drawn-track.ts';
import { FakeRoomControl } from '../../../support/fake-room-control.ts';
import { buttonOf, deepAll, deepOne, roomOf, settled } from '../../../support/room-fixture.ts';
import { alice, guests, me } from '../people-of-a-room.ts';

describe('the picture of somebody else', () => {
  let track: MediaStreamTrack;
  beforeEach(() => {
    track = drawnTrack();
  });
  afterEach(() => track.stop());

  const withPicture = (one: typeof alice) => ({ ...one, camera: track, cameraOn: true });
  const group = (room: CallRoom) => deepOne<HTMLElement>(room, "[aria-label='Alice'][role=group]");
  const video = (room: CallRoom) => deepOne<HTMLVideoElement>(room, "[aria-label='Alice'] video");

  /** A room whose tools are loaded, because a pointer has come to the picture. */
  async function pointedAt(others: readonly Person[] = [withPicture(alice)]): Promise<CallRoom> {
    const room = await roomOf(new FakeRoomControl({ people: [me, ...others] }));
    group(room).dispatchEvent(new PointerEvent('pointerover', { bubbles: true, composed: true }));
    const tools = () => deepAll(room.shadowRoot!, '[role=toolbar][aria-label=Picture] button');
    await waitUntil(() => tools().length > 0, 'the tools are loaded', { timeout: 20_000 });
    await settled(room);
    return room;
  }
  const scale = (room: CallRoom) => new DOMMatrix(getComputedStyle(video(room)).transform).a;
  async function key(room: CallRoom, name: string): Promise<void> {
    const init = { key: name, bubbles: true, composed: true, cancelable: true };
    group(room).dispatchEvent(new KeyboardEvent('keydown', init));
    await settled(room);
  }

  it('is shown whole, and fills its frame on request', async () => {
    const room = await pointedAt();
    expect(getComputedStyle(video(room)).objectFit).to.equal('contain');
    const fill = buttonOf(room, 'Fill the frame');
    expect(fill.getAttribute('aria-pressed')).to.equal('false');
    fill.click();
    await settled(room);
    expect(getComputedStyle(video(room)).objectFit).to.equal('cover');
    expect(fill.getAttribute('aria-pressed')).to.equal('true');
    await expect(room).to.be.accessible();
  });

  it('is enlarged by buttons, keys, the wheel and a double press, and moved by arrow keys', async () => {
    const room = await pointedAt();
    buttonOf(room, 'Zoom in').click();
    await settled(room);
    expect(scale(room)).to.equal(1.5);
    buttonOf(room, 'Zoom out').click();
    await key(room, '+');
    expect(scale(room)).to.equal(1.5);
    await key(room, 'ArrowLeft');
    expect(new DOMMatrix(getComputedStyle(video(room)).transform).e).to.be.above(0);
    await key(room, '0');
    expect(scale(room)).to.equal(1);
    const wheel = new WheelEvent('wheel', {
      deltaY: -100,
      bubbles: true,
      composed: true,
      cancelable: true,
    });
    group(room).dispatchEvent(wheel);
    expect(wheel.defaultPrevented).to.equal(true);
    expect(scale(room)).to.be.closeTo(1.35, 0.01);
    await key(room, '0');
    group(room).dispatchEvent(new MouseEvent('dblclick', { bubbles: true, composed: true }));
    expect(scale(room)).to.equal(2);
  });

  it('is enlarged by two fingers that move apart', async () => {
    const room = await pointedAt();
    const tile = deepAll(room.shadowRoot!, 'rtc-participant-tile').find(
      (one) => (one as HTMLElement & { person: typeof alice }).person.id === alice.id,
    ) as HTMLElement;
    tile.setPointerCapture = () => {};
    const { left, top, width, height } = tile.getBoundingClientRect();
    const finger = (type: string, pointerId: number, x: number) =>
      tile.dispatchEvent(
        new PointerEvent(type, {
          pointerId,
          button: type === 'pointermove' ? -1 : 0,
          clientX: left + width / 2 + x,
          clientY: top + height / 2,
        }),
      );
    finger('pointerdown', 1, -20);
    finger('pointerdown', 2, 20);
    finger('pointermove', 2, 60);
    expect(scale(room)).to.be.closeTo(2, 0.01);
    finger('pointerup', 1, -20);
    finger('pointerup', 2, 60);
    finger('pointermove', 2, 200);
    expect(scale(room)).to.be.closeTo(2, 0.01);
  });

  it('fills the stage when it is pinned, and only then is a pin offered where others are there', async () => {
    const alone = await pointedAt();
    expect(deepAll(alone.shadowRoot!, "button[aria-label='Pin']")).lengthOf(0);
    const room = await pointedAt([withPicture(guests[0]!), withPicture(alice), guests[1]!]);
    const tile = () =>
      deepAll(room.shadowRoot!, 'rtc-participant-tile').find(
        (one) => deepAll(one.shadowRoot!, "[aria-label='Alice']").length,
      )!;
    await waitUntil(() => tile().className === 'grid', 'the code for many is loaded', {
      timeout: 20_000,
    });
    const pin = deepAll<HTMLButtonElement>(tile().shadowRoot!, "button[aria-label='Pin']")[0]!;
    pin.click();
    await settled(room);
    expect(tile().className).to.equal('main');
    expect(pin.getAttribute('aria-pressed')).to.equal('true');
    pin.click();
    await settled(room);
    expect(tile().className).to.equal('grid');
  });
});
