import type {
  DeviceAction,
  DeviceAnswer,
  DeviceRequest,
  DrawingChange,
  DrawnPicture,
  PictureToolsControl,
  PictureToolsSnapshot,
  Point,
} from '../../src/call/picture-tools-control.ts';
import { changeDrawing, NO_DRAWING } from '../../src/protocol/drawing-change.ts';
import { Store } from '../../src/snapshot/store.ts';

export const STILL = '00000000-0000-4000-8000-00000000000a';

/** Picture tools without a server: a change is taken at once. It writes down what it was asked. */
export class FakePictureTools extends Store<PictureToolsSnapshot> implements PictureToolsControl {
  readonly asked: DeviceAction[] = [];
  readonly answers: [id: string, answer: DeviceAnswer][] = [];
  readonly points: (Point | null)[] = [];
  readonly frozen: Blob[] = [];
  still: Blob = new Blob([]);

  constructor(change: Partial<PictureToolsSnapshot> = {}) {
    const empty = {
      drawing: NO_DRAWING,
      pointers: new Map(),
      requests: [],
      asked: null,
      error: null,
    };
    super({ ...empty, ...change });
  }

  change(change: DrawingChange): boolean {
    const drawing = changeDrawing(this.getSnapshot().drawing, change);
    if (drawing) this.update({ drawing });
    return drawing !== null;
  }

  async freeze(picture: Omit<DrawnPicture, 'still'>, image: Blob): Promise<void> {
    this.frozen.push(image);
    this.still = image;
    this.change({ kind: 'show', picture: { ...picture, still: STILL } });
  }

  async loadStill(): Promise<Blob> {
    return this.still;
  }

  point(at: Point | null): void {
    this.points.push(at);
  }

  ask(to: string, action: DeviceAction): void {
    this.asked.push(action);
    this.update({ asked: { id: String(this.asked.length), to, action, state: 'asked' } });
  }

  answer(request: DeviceRequest, answer: DeviceAnswer): void {
    this.answers.push([request.id, answer]);
    this.update({ requests: this.getSnapshot().requests.filter(({ id }) => id !== request.id) });
  }
}
