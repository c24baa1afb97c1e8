import { waitUntil } from '@open-wc/testing';
import { followDrawing } from '../../../../src/elements/call-room/drawing/follow-drawing.ts';
import type { PictureOverlay } from '../../../../src/elements/call-room/drawing/picture-overlay.ts';
import type { CallRoom } from '../../../../src/elements/call-room/call-room.ts';
import { deepAll } from '../../../support/room-fixture.ts';

/** Waits until the drawing lies over a picture that has its first frame. */
export async function overlayOf(room: CallRoom): Promise<PictureOverlay> {
  const { overlay } = followDrawing(room);
  await waitUntil(() => overlay.isConnected && overlay.placement, 'the overlay is in its tile', {
    timeout: 20_000,
  });
  await overlay.updateComplete;
  return overlay;
}

/** The middle of what is drawn, in CSS pixels of the overlay; null if nothing is. */
export function middleOfMarks(overlay: PictureOverlay): { x: number; y: number } | null {
  const canvas = overlay.renderRoot.querySelector<HTMLCanvasElement>('.marks')!;
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    if (data[pixel * 4 + 3]! < 128) continue;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  if (right < 0) return null;
  const ratio = overlay.clientWidth / width;
  return { x: ((left + right + 1) / 2) * ratio, y: ((top + bottom + 1) / 2) * ratio };
}

/** The tile of this person. */
export const tileOf = (room: CallRoom, name: string) =>
  deepAll(room.shadowRoot!, 'rtc-participant-tile').find(
    (tile) => deepAll(tile.shadowRoot!, `[aria-label='${name}']`).length > 0,
  )!;
