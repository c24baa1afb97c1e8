/** How a picture is shown in its frame: enlarged, and moved from the frame's middle by CSS pixels. */
export interface PictureView {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

export const WHOLE_PICTURE: PictureView = { scale: 1, x: 0, y: 0 };
const MAX_SCALE = 8;

/** Enlarges by `factor` so that the point stays where it is. The point counts from the frame's middle. */
export function zoomAt(
  view: PictureView,
  factor: number,
  point: { readonly x: number; readonly y: number },
  frame: FrameSize,
): PictureView {
  const scale = Math.min(MAX_SCALE, Math.max(1, view.scale * factor));
  const by = scale / view.scale;
  const x = point.x - (point.x - view.x) * by;
  const y = point.y - (point.y - view.y) * by;
  return inFrame({ scale, x, y }, frame);
}

export function moveBy(view: PictureView, x: number, y: number, frame: FrameSize): PictureView {
  return inFrame({ scale: view.scale, x: view.x + x, y: view.y + y }, frame);
}

/** An enlarged picture always covers its frame. */
function inFrame({ scale, x, y }: PictureView, { width, height }: FrameSize): PictureView {
  const limit = (length: number, at: number) => {
    const most = ((scale - 1) * length) / 2;
    // `|| 0`: never −0.
    return Math.max(-most, Math.min(most, at)) || 0;
  };
  return { scale, x: limit(width, x), y: limit(height, y) };
}
