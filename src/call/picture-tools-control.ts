import type { Picture } from '../platform/platform.ts';
import type {
  DeviceAction,
  DeviceAnswer,
  Drawing,
  DrawingChange,
  DrawnPicture,
  Mark,
  Point,
} from '../protocol/drawing.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type { Readable } from '../snapshot/store.ts';

export type { DeviceAction, DeviceAnswer, Drawing, DrawingChange, DrawnPicture, Mark, Point };

/** An agent asks something of this device. */
export interface DeviceRequest {
  readonly id: string;
  /** The agent's participant. */
  readonly from: string;
  readonly action: DeviceAction;
}

/** What this agent asked last. */
export interface AskedAction {
  readonly id: string;
  readonly to: string;
  readonly action: DeviceAction;
  /** `gone`: the person is not in the room. */
  readonly state: 'asked' | 'gone' | DeviceAnswer;
}

export interface PictureToolsSnapshot {
  /** With what this page has drawn, before the server's answer too. */
  readonly drawing: Drawing;
  /** Where agents point now, by participant. */
  readonly pointers: ReadonlyMap<string, Point>;
  /** That wait for the person's answer, the oldest first. */
  readonly requests: readonly DeviceRequest[];
  readonly asked: AskedAction | null;
  /** Why the last change was not taken. */
  readonly error: ErrorCode | null;
}

/** The picture tools of a room: what is drawn on whose picture, and what is asked of whose device. */
export interface PictureToolsControl extends Readable<PictureToolsSnapshot> {
  /** Shown at once; taken back if the server refuses it. False if it does not fit the drawing. */
  change(change: DrawingChange): boolean;
  /** Uploads the still and shows it to everyone. Rejects with an RtcDeskError. */
  freeze(picture: Omit<DrawnPicture, 'still'>, image: Picture): Promise<void>;
  /** The uploaded still of this id. Rejects with an RtcDeskError. */
  loadStill(id: string): Promise<Picture>;
  point(at: Point | null): void;
  ask(to: string, action: DeviceAction): void;
  /** Tells the agent what became of a request. */
  answer(request: DeviceRequest, answer: DeviceAnswer): void;
}
