import type { Mark, Point } from '../../../call/picture-tools-control.ts';
import type { Pixel } from './geometry.ts';

export type Pen = CanvasRenderingContext2D;
type ToPixel = (point: Point) => Pixel;

/** In a tile of 480 CSS pixels. */
const LINE_WIDTH = 4;
const OUTLINE = 2;
const HEAD = 16;
const TEXT_SIZE = 18;
const NUMBER_RADIUS = 13;
const POINTER_RADIUS = 9;

/** Bright, with a dark outline: seen on a dark and on a bright picture. */
const COLOUR = '#ff4d3d';
const OUTLINE_COLOUR = 'rgb(10 18 24 / 75%)';
/** White on it has a contrast of 5:1. */
const NUMBER_COLOUR = '#cf2a1e';
const ON_COLOUR = '#ffffff';
const FONT = "600 1px system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif";

/** `scale`: see markScale. The texts are never mirrored or turned. */
export function paintMark(pen: Pen, mark: Mark, toPixel: ToPixel, scale: number): void {
  pen.save();
  pen.lineCap = pen.lineJoin = 'round';
  switch (mark.kind) {
    case 'line':
      outlined(pen, scale, () => trace(pen, mark.points.map(toPixel)));
      break;
    case 'arrow':
      outlined(pen, scale, () => arrow(pen, toPixel(mark.from), toPixel(mark.to), HEAD * scale));
      break;
    case 'circle':
      outlined(pen, scale, () => ellipse(pen, toPixel(mark.from), toPixel(mark.to)));
      break;
    case 'text':
      text(pen, mark.text, toPixel(mark.at), scale);
      break;
    case 'number':
      number(pen, mark.number, toPixel(mark.at), scale);
      break;
  }
  pen.restore();
}

/** A laser pointer. */
export function paintPointer(pen: Pen, { x, y }: Pixel, scale: number): void {
  pen.save();
  pen.shadowColor = COLOUR;
  pen.shadowBlur = 12 * scale;
  disc(pen, { x, y }, POINTER_RADIUS * scale, COLOUR);
  pen.shadowBlur = 0;
  disc(pen, { x, y }, (POINTER_RADIUS / 2) * scale, ON_COLOUR);
  pen.restore();
}

/** The keyboard's position: a cross. */
export function paintCursor(pen: Pen, { x, y }: Pixel, scale: number): void {
  const arm = 14 * scale;
  outlined(pen, scale / 2, () => {
    pen.beginPath();
    pen.moveTo(x - arm, y);
    pen.lineTo(x + arm, y);
    pen.moveTo(x, y - arm);
    pen.lineTo(x, y + arm);
  });
}

function outlined(pen: Pen, scale: number, path: () => void): void {
  path();
  pen.lineWidth = (LINE_WIDTH + 2 * OUTLINE) * scale;
  pen.strokeStyle = OUTLINE_COLOUR;
  pen.stroke();
  pen.lineWidth = LINE_WIDTH * scale;
  pen.strokeStyle = COLOUR;
  pen.stroke();
}

function trace(pen: Pen, pixels: readonly Pixel[]): void {
  pen.beginPath();
  for (const { x, y } of pixels) pen.lineTo(x, y);
}

function arrow(pen: Pen, from: Pixel, to: Pixel, head: number): void {
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const barb = (turn: number) => ({
    x: to.x - head * Math.cos(angle + turn),
    y: to.y - head * Math.sin(angle + turn),
  });
  trace(pen, [from, to]);
  const [left, right] = [barb(0.5), barb(-0.5)];
  pen.moveTo(left.x, left.y);
  pen.lineTo(to.x, to.y);
  pen.lineTo(right.x, right.y);
}

function ellipse(pen: Pen, from: Pixel, to: Pixel): void {
  const [across, down] = [Math.abs(to.x - from.x) / 2, Math.abs(to.y - from.y) / 2];
  pen.beginPath();
  pen.ellipse((from.x + to.x) / 2, (from.y + to.y) / 2, across, down, 0, 0, 2 * Math.PI);
}

function text(pen: Pen, words: string, { x, y }: Pixel, scale: number): void {
  pen.font = FONT.replace('1px', `${TEXT_SIZE * scale}px`);
  pen.textBaseline = 'middle';
  pen.lineWidth = 2 * OUTLINE * scale;
  pen.strokeStyle = OUTLINE_COLOUR;
  pen.strokeText(words, x, y);
  pen.fillStyle = ON_COLOUR;
  pen.fillText(words, x, y);
}

function number(pen: Pen, value: number, at: Pixel, scale: number): void {
  const radius = NUMBER_RADIUS * scale;
  disc(pen, at, radius + OUTLINE * scale, OUTLINE_COLOUR);
  disc(pen, at, radius, NUMBER_COLOUR);
  pen.font = FONT.replace('1px', `${radius * 1.15}px`);
  pen.textAlign = 'center';
  pen.textBaseline = 'middle';
  pen.fillStyle = ON_COLOUR;
  pen.fillText(String(value), at.x, at.y);
}

function disc(pen: Pen, { x, y }: Pixel, radius: number, colour: string): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fillStyle = colour;
  pen.fill();
}
