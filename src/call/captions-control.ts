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
}

export interface CaptionsSnapshot {
  /** Whether the browser of somebody else in the room can write what is said there. */
  readonly offered: boolean;
  /** Whether this person reads captions. */
  readonly shown: boolean;
  /** Whether what is said here or there is written down and kept. */
  readonly kept: boolean;
  /** What others say now: the oldest first, at most three. Empty while captions are not shown. */
  readonly lines: readonly ShownLine[];
}

/** The captions of one room. */
export interface CaptionsControl extends Readable<CaptionsSnapshot> {
  setShown(shown: boolean): void;
  /** A message of the tool `captions`. */
  handleMessage(message: object, from: string): void;
}
