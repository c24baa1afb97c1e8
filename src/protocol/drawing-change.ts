/** How a drawing changes. The server applies the changes; the agent's page shows them before the server's answer. */
import type { Drawing, DrawingChange, DrawnPicture, Mark, Point } from './drawing.ts';
import { drawingLimits } from './drawing-limits.ts';

export const NO_DRAWING: Drawing = { picture: null, marks: [] };

/** Returns the drawing itself if nothing changes. Null if the change does not fit: no picture, or too many marks. */
export function changeDrawing(drawing: Drawing, change: DrawingChange): Drawing | null {
  const { picture, marks } = drawing;
  switch (change.kind) {
    case 'show':
      return show(drawing, change.picture);
    case 'add': {
      if (!picture) return null;
      const mark = rounded(change.mark);
      const at = marks.findIndex(({ id }) => id === mark.id);
      if (at >= 0) return { picture, marks: marks.with(at, mark) };
      return marks.length < drawingLimits.marks ? { picture, marks: [...marks, mark] } : null;
    }
    case 'remove': {
      const rest = marks.filter(({ id }) => id !== change.markId);
      return rest.length === marks.length ? drawing : { picture, marks: rest };
    }
    case 'clear':
      return marks.length === 0 ? drawing : { picture, marks: [] };
  }
}

function show(drawing: Drawing, picture: DrawnPicture | null): Drawing {
  const before = drawing.picture;
  const same = before?.participant === picture?.participant && before?.source === picture?.source;
  if (same && before?.still === picture?.still) return drawing;
  const frozen = same && before !== null && before.still === null;
  return { picture, marks: frozen ? drawing.marks : [] };
}

function rounded(mark: Mark): Mark {
  switch (mark.kind) {
    case 'arrow':
    case 'circle':
      return { ...mark, from: round(mark.from), to: round(mark.to) };
    case 'line':
      return { ...mark, points: mark.points.map(round) };
    case 'text':
    case 'number':
      return { ...mark, at: round(mark.at) };
  }
}

const SCALE = 10 ** drawingLimits.decimals;
const round = (point: Point): Point => point.map((share) => Math.round(share * SCALE) / SCALE);
