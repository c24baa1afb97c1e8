/** The size of the recorded picture, in pixels. */
export const WIDTH = 1280;
export const HEIGHT = 480;

/** The part of the width that a shared screen takes. */
const SCREEN_WIDTH = 960;
/** The shape of a tile: that of most cameras. */
const TILE_RATIO = 4 / 3;

/** A place in the recorded picture, in pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  /** Of a shared screen; null if there is none. */
  readonly screen: Place | null;
  /** One for each person, in their order. */
  readonly people: readonly Place[];
}

/** People lie side by side, in rows if there are many. A shared screen is large, and the people stand beside it. */
export function layOut(count: number, withScreen: boolean): Layout {
  if (!withScreen) {
    return { screen: null, people: grid(count, { x: 0, y: 0, width: WIDTH, height: HEIGHT }) };
  }
  const beside = { x: SCREEN_WIDTH, y: 0, width: WIDTH - SCREEN_WIDTH, height: HEIGHT };
  return {
    screen: { x: 0, y: 0, width: SCREEN_WIDTH, height: HEIGHT },
    people: grid(count, beside),
  };
}

/** Equal tiles, as large as they can be. */
function grid(count: number, { x, y, width, height }: Place): Place[] {
  if (count === 0) return [];
  const sizes = Array.from({ length: count }, (_, index) => {
    const columns = index + 1;
    const rows = Math.ceil(count / columns);
    return { columns, rows, scale: Math.min(width / columns / TILE_RATIO, height / rows) };
  });
  const { columns, rows } = sizes.reduce((best, one) => (one.scale > best.scale ? one : best));
  const tile = { width: Math.floor(width / columns), height: Math.floor(height / rows) };
  return Array.from({ length: count }, (_, index) => ({
    x: x + (index % columns) * tile.width,
    y: y + Math.floor(index / columns) * tile.height,
    ...tile,
  }));
}

/** The largest place inside `place` with the shape of `width` × `height`: nothing is cut off. */
export function fit(place: Place, width: number, height: number): Place {
  const scale = Math.min(place.width / width, place.height / height);
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  return {
    x: place.x + Math.round((place.width - size.width) / 2),
    y: place.y + Math.round((place.height - size.height) / 2),
    ...size,
  };
}
