/** What agents draw on somebody's picture, and what they ask of somebody's device. */
import { Type, type TProperties } from '@sinclair/typebox';
import { drawingLimits } from './drawing-limits.ts';
import { closed, Nullable, OneOf, ParticipantId, Uuid, type Shape } from './schema.ts';

const Share = Type.Number({ minimum: 0, maximum: 1 });

/** Across and down, as shares of the video's frame: [0, 0] is its upper left corner, as its camera sees it. */
export const Point = Type.Array(Share, { minItems: 2, maxItems: 2 });
export type Point = Shape<typeof Point>;

/** The page that draws makes the id. */
const mark = <K extends string, P extends TProperties>(kind: K, properties: P) =>
  closed({ kind: Type.Literal(kind), id: Uuid, ...properties });

export const Mark = Type.Union([
  mark('arrow', { from: Point, to: Point }),
  /** An ellipse in the rectangle between two corners. */
  mark('circle', { from: Point, to: Point }),
  mark('line', {
    points: Type.Array(Point, { minItems: 2, maxItems: drawingLimits.linePoints }),
  }),
  mark('text', {
    at: Point,
    text: Type.String({ minLength: 1, maxLength: drawingLimits.textLength }),
  }),
  mark('number', { at: Point, number: Type.Integer({ minimum: 1, maximum: 99 }) }),
]);
export type Mark = Shape<typeof Mark>;

/** What is drawn on. */
export const DrawnPicture = closed({
  participant: ParticipantId,
  source: OneOf('camera', 'screen'),
  /** The uploaded picture of the room that everyone sees instead of the video; null: the live video. */
  still: Nullable(Uuid),
});
export type DrawnPicture = Shape<typeof DrawnPicture>;

export const Drawing = closed({
  /** Null: nobody draws, and there are no marks. */
  picture: Nullable(DrawnPicture),
  marks: Type.Array(Mark, { maxItems: drawingLimits.marks }),
});
export type Drawing = Shape<typeof Drawing>;

const change = <K extends string, P extends TProperties>(kind: K, properties: P) =>
  closed({ kind: Type.Literal(kind), ...properties });

export const DrawingChange = Type.Union([
  /** Marks on a live video stay when it is frozen. With every other picture the marks go. */
  change('show', { picture: Nullable(DrawnPicture) }),
  /** A mark of the same id is replaced. */
  change('add', { mark: Mark }),
  change('remove', { markId: Uuid }),
  change('clear', {}),
]);
export type DrawingChange = Shape<typeof DrawingChange>;

/** What an agent asks of somebody's device. */
export const DeviceAction = Type.Union([
  change('photo', {}),
  change('flip', {}),
  change('torch', { on: Type.Boolean() }),
  change('zoom', { factor: Type.Number({ minimum: 1, maximum: 20 }) }),
  /** The media profile `detail`, or the site's own again. */
  change('detail', { on: Type.Boolean() }),
]);
export type DeviceAction = Shape<typeof DeviceAction>;

/** `unsupported`: the device cannot do it. `failed`: it should have been able to. */
export const DeviceAnswer = OneOf('done', 'refused', 'unsupported', 'failed');
export type DeviceAnswer = Shape<typeof DeviceAnswer>;
