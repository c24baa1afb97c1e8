import type { RecordedPerson } from '../recording.ts';
import { startTicks } from './draw-timer.ts';
import { fit, HEIGHT, layOut, WIDTH, type Place } from './layout.ts';

/** Frames a second. */
export const FRAME_RATE = 20;

const BACKGROUND = '#10181e';
const EMPTY_TILE = '#26323b';
const LABEL_HEIGHT = 28;
const FONT = '600 16px system-ui, sans-serif';
const LARGE_FONT = '600 32px system-ui, sans-serif';

export interface CompositePictureOptions {
  readonly callNumber: string;
  /** The server's time, in ms since 1970. */
  readonly now: () => number;
  /** The address of the timer's worker, if it is not beside the built scripts. */
  readonly timer?: string | undefined;
}

/**
 * One picture of everybody in the call, with their names, the time and the call's number burnt in. The visitor is
 * always on the left.
 */
export class CompositePicture {
  readonly #options: CompositePictureOptions;
  readonly #canvas = document.createElement('canvas');
  readonly #pen: CanvasRenderingContext2D;
  readonly #videos = new Map<MediaStreamTrack, HTMLVideoElement>();
  readonly #stopTicks: () => void;
  #people: readonly RecordedPerson[] = [];
  readonly track: MediaStreamTrack;

  constructor(options: CompositePictureOptions) {
    this.#options = options;
    [this.#canvas.width, this.#canvas.height] = [WIDTH, HEIGHT];
    this.#pen = this.#canvas.getContext('2d', { alpha: false })!;
    this.#draw();
    this.track = this.#canvas.captureStream(FRAME_RATE).getVideoTracks()[0]!;
    this.#stopTicks = startTicks(1000 / FRAME_RATE, () => this.#draw(), options.timer);
  }

  setPeople(people: readonly RecordedPerson[]): void {
    this.#people = [...people.filter(isVisitor), ...people.filter((one) => !isVisitor(one))];
    const shown = people.flatMap(({ camera, screen }) => [camera, screen]);
    for (const [track, video] of this.#videos) {
      if (!shown.includes(track)) this.#remove(track, video);
    }
    for (const track of shown) if (track && !this.#videos.has(track)) this.#add(track);
  }

  close(): void {
    this.#stopTicks();
    for (const [track, video] of this.#videos) this.#remove(track, video);
    this.track.stop();
  }

  #add(track: MediaStreamTrack): void {
    const video = document.createElement('video');
    video.muted = video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    this.#videos.set(track, video);
    video.play().catch(() => {
      // It was removed before it played.
    });
  }

  #remove(track: MediaStreamTrack, video: HTMLVideoElement): void {
    this.#videos.delete(track);
    video.pause();
    video.srcObject = null;
  }

  // ---- drawing ---------------------------------------------------------------------------------

  #draw(): void {
    const sharing = this.#people.find(({ screen }) => screen);
    const { screen, people } = layOut(this.#people.length, sharing !== undefined);
    this.#fill({ x: 0, y: 0, width: WIDTH, height: HEIGHT }, BACKGROUND);
    if (screen) this.#drawVideo(sharing!.screen!, screen);
    for (const [index, person] of this.#people.entries()) this.#drawPerson(person, people[index]!);
    const { now, callNumber } = this.#options;
    this.#drawLabel(timeText(now()), 0, 0);
    this.#drawLabel(callNumber, WIDTH, 0);
  }

  #drawPerson({ name, camera }: RecordedPerson, place: Place): void {
    const drawn = camera !== null && this.#drawVideo(camera, place);
    if (!drawn) this.#drawEmptyTile(name, place);
    this.#drawLabel(name, place.x, place.y + place.height - LABEL_HEIGHT, place.width);
  }

  /** Returns false before the first frame. */
  #drawVideo(track: MediaStreamTrack, place: Place): boolean {
    const video = this.#videos.get(track);
    if (!video || video.readyState < video.HAVE_CURRENT_DATA || !video.videoWidth) return false;
    const { x, y, width, height } = fit(place, video.videoWidth, video.videoHeight);
    this.#pen.drawImage(video, x, y, width, height);
    return true;
  }

  #drawEmptyTile(name: string, place: Place): void {
    const { x, y, width, height } = place;
    this.#fill({ x: x + 2, y: y + 2, width: width - 4, height: height - 4 }, EMPTY_TILE);
    this.#pen.font = LARGE_FONT;
    this.#pen.fillStyle = '#fff';
    this.#pen.textAlign = 'center';
    this.#pen.textBaseline = 'middle';
    this.#pen.fillText(name, x + width / 2, y + height / 2, width - 32);
  }

  /** Its left edge is at `x`, or its right edge if `x` is the width of the picture. */
  #drawLabel(text: string, x: number, y: number, limit = WIDTH / 2): void {
    this.#pen.font = FONT;
    const width = Math.min(limit, Math.ceil(this.#pen.measureText(text).width) + 16);
    const left = x === WIDTH ? x - width : x;
    this.#fill({ x: left, y, width, height: LABEL_HEIGHT }, 'rgb(10 18 24 / 75%)');
    this.#pen.fillStyle = '#fff';
    this.#pen.textAlign = 'left';
    this.#pen.textBaseline = 'middle';
    this.#pen.fillText(text, left + 8, y + LABEL_HEIGHT / 2, width - 16);
  }

  #fill({ x, y, width, height }: Place, colour: string): void {
    this.#pen.fillStyle = colour;
    this.#pen.fillRect(x, y, width, height);
  }
}

const isVisitor = ({ role }: RecordedPerson) => role === 'visitor';

/** In UTC, so that it means the same wherever it is recorded and played: `2026-11-30 18:05:08 UTC`. */
function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
