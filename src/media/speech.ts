/** What turns speech into text. */
import type { ErrorCode } from '../protocol/errors.ts';

/** What somebody says. The same `id` again replaces it, until it is final. */
export interface SpokenLine {
  readonly id: string;
  readonly text: string;
  /** As a BCP 47 tag. */
  readonly language: string;
  readonly final: boolean;
  /** When it began, in ms since 1970 by this device's clock. */
  readonly startedAt: number;
  /** In the languages that were asked for. Unset, or without some of them: they are not translated, or not yet. */
  readonly translations?: readonly Translation[];
}

export interface Translation {
  /** As a BCP 47 tag. */
  readonly language: string;
  readonly text: string;
}

export interface SpeechRecognizer {
  /**
   * Recognises what this microphone hears, until `stop` or another `start`. `translateTo`: languages of readers, as BCP 47
   * tags. A recogniser that cannot translate ignores them.
   */
  start(
    microphone: MediaStreamTrack,
    onLine: (line: SpokenLine) => void,
    translateTo?: readonly string[],
  ): void;
  /** Idempotent. What was heard before becomes a last line. */
  stop(): void;
  /**
   * Called when it can no longer recognise anything, for example because the person forbids it. Without a reason where
   * there is nothing to tell, as at the end of the media.
   */
  onFailure: ((reason?: ErrorCode) => void) | null;
}

/**
 * The recogniser of this device for the first of these languages that it knows; null if it knows none. Nothing that is
 * said leaves the device.
 */
export type FindRecognizer = (languages: readonly string[]) => Promise<SpeechRecognizer | null>;
