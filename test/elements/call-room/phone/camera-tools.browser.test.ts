import { expect, waitUntil } from '@open-wc/testing';
import {
  canTorch,
  isTorchOn,
  zoomRange,
} from '../../../../src/elements/call-room/phone/camera-capabilities.ts';
import '../../../../src/elements/call-room/phone/camera-zoom.ts';
import { setTorch, takeStill } from '../../../../src/elements/call-room/phone/camera-tools.ts';
import { limits } from '../../../../src/protocol/limits.ts';
import { drawnTrack } from '../../../support/drawn-track.ts';
import { FakeRoomControl, localMedia } from '../../../support/fake-room-control.ts';
import { buttonOf, deepOne, roomOf } from '../../../support/room-fixture.ts';

const tracks: MediaStreamTrack[] = [];
afterEach(() => {
  for (const track of tracks.splice(0)) track.stop();
});

/** A camera with torch and zoom, which notes what is asked of it. */
function phoneCamera(): { track: MediaStreamTrack; asked: unknown[] } {
  const track = drawnTrack();
  tracks.push(track);
  const settings: Record<string, unknown> = { torch: false, zoom: 1 };
  const asked: unknown[] = [];
  const own = track as unknown as Record<string, unknown>;
  own.getCapabilities = () => ({ torch: true, zoom: { min: 1, max: 4, step: 0.5 } });
  own.getSettings = () => settings;
  own.applyConstraints = async ({ advanced }: { advanced: Record<string, unknown>[] }) => {
    asked.push(advanced[0]);
    Object.assign(settings, advanced[0]);
  };
  return { track, asked };
}

async function roomWith(track: MediaStreamTrack) {
  const camera = { ...localMedia.camera, track };
  const session = new FakeRoomControl({ local: { ...localMedia, camera } });
  return { session, room: await roomOf(session) };
}
async function menuOf(room: HTMLElement): Promise<ShadowRoot> {
  buttonOf(room, 'More').click();
  const menu = () => room.shadowRoot!.querySelector('rtc-more-menu')?.shadowRoot;
  await waitUntil(() => menu()?.querySelector('button'), 'the menu opens');
  return menu()!;
}
const choose = async (room: HTMLElement, tool: string) =>
  (await menuOf(room)).querySelector<HTMLElement>(`[data-tool=${tool}]`)!.click();

describe('the tools of the own camera', () => {
  it('are offered only where the track can', async () => {
    const track = drawnTrack();
    tracks.push(track);
    expect(canTorch(track)).to.equal(false);
    expect(zoomRange(track)).to.equal(null);
    expect([canTorch(null), zoomRange(null)]).to.deep.equal([false, null]);
    const { room } = await roomWith(track);
    const menu = await menuOf(room);
    expect(menu.querySelector('[data-tool=torch], [data-tool=zoom]')).to.equal(null);
    expect(menu.querySelector('[data-tool=photo]')).not.to.equal(null);
  });

  it('switch the torch on and off', async () => {
    const { track, asked } = phoneCamera();
    expect(canTorch(track)).to.equal(true);
    await setTorch(track, true);
    expect(isTorchOn(track)).to.equal(true);
    const { room } = await roomWith(track);
    const menu = await menuOf(room);
    const torch = menu.querySelector<HTMLElement>('[data-tool=torch]')!;
    expect(torch.querySelector('span')!.textContent).to.equal('Turn the torch off');
    torch.click();
    await waitUntil(() => asked.length === 2, 'the torch is switched');
    expect(asked).to.deep.equal([{ torch: true }, { torch: false }]);
  });

  it('zoom by a slider', async () => {
    const { track, asked } = phoneCamera();
    const { room } = await roomWith(track);
    await choose(room, 'zoom');
    await waitUntil(() => room.shadowRoot!.querySelector('rtc-camera-zoom:popover-open'), 'opens');
    const slider = deepOne(room, 'rtc-camera-zoom').shadowRoot!.querySelector('input')!;
    expect([slider.min, slider.max, slider.value]).to.deep.equal(['1', '4', '1']);
    slider.value = '2.5';
    slider.dispatchEvent(new Event('input'));
    expect(asked).to.deep.equal([{ zoom: 2.5 }]);
    await expect(room).to.be.accessible();
  });

  it('send a frame into the chat where the camera takes no photos', async () => {
    const { track } = phoneCamera();
    const still = await takeStill(track, null);
    expect(still.type).to.equal('image/jpeg');
    expect((await createImageBitmap(still)).width).to.equal(64);
    const { room, session } = await roomWith(track);
    let open = (): void => {};
    let asked = false;
    session.openChat = () => {
      asked = true;
      return new Promise((resolve) => (open = resolve));
    };
    await choose(room, 'photo');
    await waitUntil(() => asked, 'the chat is not opened');
    expect(session.images).lengthOf(0);
    open();
    await waitUntil(() => session.images.length === 1, 'nothing is sent');
    await waitUntil(
      () => room.shadowRoot!.querySelector('.note')?.textContent === 'The photo is in the chat.',
      'nothing is said',
    );
  });

  it('send the photo of the camera as it is, and a smaller one if the chat would refuse it', async () => {
    const { track } = phoneCamera();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [300, 200];
    canvas.getContext('2d')!.fillRect(0, 0, 300, 200);
    const photo = await new Promise<Blob>((resolve) => canvas.toBlob((blob) => resolve(blob!)));
    const camera = (taken: Blob) => () => ({ takePhoto: async () => taken });
    expect(await takeStill(track, camera(photo))).to.equal(photo);
    const large = new Blob([photo, new Uint8Array(limits.imageBytes)], { type: photo.type });
    const smaller = await takeStill(track, camera(large));
    expect(smaller.size).to.be.at.most(limits.imageBytes);
    expect((await createImageBitmap(smaller)).width).to.equal(300);
    const broken = () => ({ takePhoto: () => Promise.reject(new Error('busy')) });
    expect((await createImageBitmap(await takeStill(track, broken))).width).to.equal(64);
  });
});
