import type { Mark, Point } from '../../../call/picture-tools-control.ts';
import { markScale, toPixel, UNCHANGED, type Placement } from '../../call-room/drawing/geometry.ts';
import { paintMark } from '../../call-room/drawing/paint-marks.ts';

/** The quality of JPEG at which small print stays readable. */
const QUALITY = 0.92;

/** The whole frame of a video or a still with marks on it, as a JPEG. Null while there is no frame. */
export async function framePicture(
  source: HTMLVideoElement | HTMLCanvasElement,
  marks: readonly Mark[] = [],
): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  const video = source instanceof HTMLVideoElement;
  canvas.width = video ? source.videoWidth : source.width;
  canvas.height = video ? source.videoHeight : source.height;
  const pen = canvas.getContext('2d');
  if (!pen || canvas.width === 0) return null;
  pen.drawImage(source, 0, 0);
  const size = { width: canvas.width, height: canvas.height };
  const placement: Placement = { tile: size, frame: size, fit: 'contain', matrix: UNCHANGED };
  const at = (point: Point) => toPixel(placement, point);
  for (const mark of marks) paintMark(pen, mark, at, markScale(placement));
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
}
