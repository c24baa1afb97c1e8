interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Between a small window and the edge of the page, in CSS pixels. */
const MARGIN = 8;

/** The part of a move that keeps the box inside the area. A box that is outside comes back into it. */
export function moveWithin(
  box: Box,
  by: { readonly x: number; readonly y: number },
  area: { readonly width: number; readonly height: number },
): { x: number; y: number } {
  return {
    x: clamp(by.x, MARGIN - box.left, area.width - MARGIN - box.right),
    y: clamp(by.y, MARGIN - box.top, area.height - MARGIN - box.bottom),
  };
}

/** Where both cannot be had, the left and the top edge are kept inside. */
const clamp = (value: number, min: number, max: number) => Math.max(min, Math.min(value, max));
