import type { Frame } from 'puppeteer-core';

interface DrawnMarks {
  /** The middle of all that is drawn, as shares of the video's frame. */
  readonly across: number;
  readonly down: number;
  readonly mirrored: boolean;
  /** A still is shown instead of the video. */
  readonly frozen: boolean;
}

/** What the page shows of the drawing on a picture; null without marks. */
export function drawnMarks(frame: Frame): Promise<DrawnMarks | null> {
  return frame.evaluate(() => {
    const findOverlay = (root: ParentNode): Element | null => {
      const own = root.querySelector('rtc-picture-overlay');
      if (own) return own;
      for (const element of root.querySelectorAll('*')) {
        const inside = element.shadowRoot && findOverlay(element.shadowRoot);
        if (inside) return inside;
      }
      return null;
    };
    const overlay = findOverlay(document);
    const canvas = overlay?.shadowRoot?.querySelector<HTMLCanvasElement>('.marks');
    const still = overlay?.shadowRoot?.querySelector<HTMLCanvasElement>('.still');
    const video = (overlay?.getRootNode() as ShadowRoot | undefined)?.querySelector('video');
    if (!canvas?.width || !still || !video) return null;
    const { width, height } = canvas;
    // From a copy: Chrome warns on the console of a canvas that is read again and again.
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    let [left, top, right, bottom] = [width, height, -1, -1];
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      if (data[pixel * 4 + 3]! < 128) continue;
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      [left, right] = [Math.min(left, x), Math.max(right, x)];
      [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
    }
    if (right < 0) return null;
    // The test has a formula of its own, so that it does not repeat a mistake of the tested code.
    const { objectFit, transform } = getComputedStyle(video);
    const frozen = !still.hidden;
    const frameWidth = frozen ? still.width : video.videoWidth;
    const frameHeight = frozen ? still.height : video.videoHeight;
    const [scaleX, scaleY] = [width / frameWidth, height / frameHeight];
    const scale = objectFit === 'cover' ? Math.max(scaleX, scaleY) : Math.min(scaleX, scaleY);
    const mirrored = transform.startsWith('matrix(-1');
    const x = ((left + right + 1) / 2 - width / 2) / (frameWidth * scale);
    const y = ((top + bottom + 1) / 2 - height / 2) / (frameHeight * scale);
    return { across: 0.5 + (mirrored ? -x : x), down: 0.5 + y, mirrored, frozen };
  });
}
