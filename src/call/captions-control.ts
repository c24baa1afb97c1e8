import type { ErrorCode } from '../protocol/errors.ts';
import type { Readable } from '../snapshot/store.ts';

/** A line as it is shown. */
export interface ShownLine {
  readonly id: string;
  /** The participant who says it. */
  readonly from: string;
  readonly text: string;
  /** As a BCP 47 tag; '' if it is not known. */
  readonly language: string;
  readonly final: boolean;
  /** In this person's language, if it is translated. */
  readonly translation?: { readonly language: string; readonly text: string } | undefined;
}

export interface CaptionsSnapshot {
  /** Whether the browser of somebody else in the room can write what is said there. */
  readonly offered: boolean;
  /** Whether this person reads captions. */
  readonly shown: boolean;
  /** Whether what is said here or there is written down and kept. */
  readonly kept: boolean;
  /**
   * Why the media's cloud does not recognise what this person says, although the site wants it; null: it does, or need
   * not. `forbidden`: the cloud refuses it, for example because it is not bought. The browser recognises instead, if it
   * can.
   */
  readonly cloudError: ErrorCode | null;
  /** What others say now: the oldest first, at most three. Empty while captions are not shown. */
  readonly lines: readonly ShownLine[];
}

/** The captions of one room. */
export interface CaptionsControl extends Readable<CaptionsSnapshot> {
  setShown(shown: boolean): void;
  /** A message of the tool `captions`. */
  handleMessage(message: object, from: string): void;
}
