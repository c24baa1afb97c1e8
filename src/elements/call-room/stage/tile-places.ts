import {
  FACE_RATIO,
  GAP,
  clamp,
  inCorner,
  type Item,
  type Place,
  type Size,
} from './pair-places.ts';

const MAX_RATIO = 16 / 9;

/** The place of each item on a stage of this size, by the item's key. */
export function placeTiles(items: readonly Item[], stage: Size): Map<string, Place> {
  const places = new Map<string, Place>();
  const put = (item: Item | undefined, place: Place) => item && places.set(item.key, place);
  const of = (place: Item['place']) => items.filter((item) => item.place === place);
  const whole: Place = { left: 0, top: 0, width: stage.width, height: stage.height };

  const grid = of('grid');
  inGrid(grid.length, whole).forEach((place, index) => put(grid[index], place));

  const strip = of('strip');
  const [rest, stripPlace] = strip.length ? splitOff(strip.length, whole) : [whole, whole];
  inGrid(strip.length, stripPlace).forEach((place, index) => put(strip[index], place));
  for (const item of of('main')) put(item, rest);
  for (const item of of('floating')) put(item, inCorner(rest));
  return places;
}

/** Splits off a strip for `count` tiles: at the side of a wide stage, else below. */
function splitOff(count: number, whole: Place): [main: Place, strip: Place] {
  if (whole.width > whole.height * 1.2) {
    const tile = (whole.height - GAP * (count - 1)) / count;
    const width = Math.round(clamp(tile * FACE_RATIO, 112, Math.min(240, whole.width * 0.28)));
    const main = whole.width - width - GAP;
    return [
      { ...whole, width: main },
      { ...whole, left: main + GAP, width },
    ];
  }
  const perRow = Math.max(1, Math.min(count, Math.floor((whole.width + GAP) / (96 + GAP))));
  const rows = Math.ceil(count / perRow);
  const tile = Math.min((whole.width - GAP * (perRow - 1)) / perRow / FACE_RATIO, 128);
  const height = Math.round(Math.min(tile * rows + GAP * (rows - 1), whole.height * 0.45));
  const main = whole.height - height - GAP;
  return [
    { ...whole, height: main },
    { ...whole, top: main + GAP, height },
  ];
}

/** Rows of equal tiles. The number of columns is the one that shows most of each face. The last row is centred. */
function inGrid(count: number, area: Place): Place[] {
  if (!count) return [];
  const { columns } = bestColumns(count, area);
  const rows = Math.ceil(count / columns);
  const height = (area.height - GAP * (rows - 1)) / rows;
  const width = Math.min((area.width - GAP * (columns - 1)) / columns, height * MAX_RATIO);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const start = (area.width - inRow * width - GAP * (inRow - 1)) / 2;
    return {
      left: area.left + start + (index % columns) * (width + GAP),
      top: area.top + row * (height + GAP),
      width,
      height,
    };
  });
}

function bestColumns(count: number, { width, height }: Size): { columns: number; shown: number } {
  const choices = Array.from({ length: count }, (_, index) => {
    const columns = index + 1;
    const tileWidth = width / columns;
    const tileHeight = height / Math.ceil(count / columns);
    // The height of a face of the usual shape in such a tile.
    return { columns, shown: Math.min(tileWidth / FACE_RATIO, tileHeight) };
  });
  return choices.reduce((best, one) => (one.shown > best.shown + 1 ? one : best));
}
