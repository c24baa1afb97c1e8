/** What turns speech into text. */

/** What somebody says. The same `id` again replaces it, until it is final. */
export interface SpokenLine {
  readonly id: string;
  readonly text: string;
  /** As a BCP 47 tag. */
  readonly language: string;
  readonly final: boolean;
  /** When it began, in ms since 1970 by this device's clock. */
  readonly startedAt: number;
}

export interface SpeechRecognizer {
  /** Recognises what this microphone hears, until `stop` or another `start`. */
  start(microphone: MediaStreamTrack, onLine: (line: SpokenLine) => void): void;
  /** Idempotent. What was heard before becomes a last line. */
  stop(): void;
  /** Called when it can no longer recognise anything, for example because the person forbids it. */
  onFailure: (() => void) | null;
}

/**
 * The recogniser of this device for the first of these languages that it knows; null if it knows none. Nothing that is
 * said leaves the device.
 */
export type FindRecognizer = (languages: readonly string[]) => Promise<SpeechRecognizer | null>;
