import type { FindRecognizer, SpeechRecognizer, SpokenLine } from '../speech.ts';

/** The parts of the Web Speech API that are used; TypeScript has no types of its on-device recognition. */
interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally: boolean;
  start(track?: MediaStreamTrack): void;
  stop(): void;
}
interface LocalSpeech {
  readonly langs: readonly string[];
  readonly processLocally: true;
}
interface RecognitionClass {
  new (): Recognition;
  available?(speech: LocalSpeech): Promise<string>;
  install?(speech: LocalSpeech): Promise<boolean>;
}
interface RecognitionResult {
  readonly isFinal: boolean;
  readonly [index: number]: { readonly transcript: string } | undefined;
}
interface RecognitionResultEvent extends Event {
  readonly resultIndex: number;
  readonly results: ArrayLike<RecognitionResult>;
}
interface RecognitionErrorEvent extends Event {
  readonly error: string;
}

/** A browser ends a recognition by itself, for example after a silence. The next one begins after this time. */
const RESTART_MS = 250;
/** After this many ends in a row without a result the next ones wait longer. */
const QUICK_RESTARTS = 5;
const SLOW_RESTART_MS = 5_000;
/** Errors after which another attempt fails, too. */
const FINAL_ERRORS: ReadonlySet<string> = new Set([
  'not-allowed',
  'service-not-allowed',
  'language-not-supported',
]);

/**
 * The browser's `SpeechRecognition`, with `processLocally` only: a browser that would send the sound to a server is not
 * used. Chrome has it from 139 on.
 */
export const findBrowserSpeech: FindRecognizer = async (languages) => {
  const { SpeechRecognition } = globalThis as { readonly SpeechRecognition?: RecognitionClass };
  if (!SpeechRecognition?.available) return null;
  for (const language of languages) {
    const speech = { langs: [language], processLocally: true } as const;
    const state = await SpeechRecognition.available(speech).catch(() => 'unavailable');
    if (state === 'available') return new BrowserSpeech(SpeechRecognition, language, null);
    if (state === 'unavailable') continue;
    const install = () => SpeechRecognition.install?.(speech) ?? Promise.resolve(false);
    return new BrowserSpeech(SpeechRecognition, language, install);
  }
  return null;
};

class BrowserSpeech implements SpeechRecognizer {
  onFailure: (() => void) | null = null;
  readonly #make: RecognitionClass;
  readonly #language: string;
  /** Downloads the language; null once it is there. */
  #install: (() => Promise<boolean>) | null;
  /** What is recognised now; null: nothing. */
  #session: Session | null = null;

  constructor(make: RecognitionClass, language: string, install: (() => Promise<boolean>) | null) {
    this.#make = make;
    this.#language = language;
    this.#install = install;
  }

  start(microphone: MediaStreamTrack, onLine: (line: SpokenLine) => void): void {
    this.stop();
    const session = new Session(this.#make, this.#language, microphone, onLine, () => this.#fail());
    this.#session = session;
    void this.#begin(session);
  }

  stop(): void {
    this.#session?.stop();
    this.#session = null;
  }

  async #begin(session: Session): Promise<void> {
    if (this.#install) {
      const installed = await this.#install().catch(() => false);
      if (!installed) return this.#fail();
      this.#install = null;
    }
    if (this.#session === session) session.begin();
  }

  #fail(): void {
    this.stop();
    this.onFailure?.();
  }
}

/** One microphone, over all the recognitions that the browser ends by itself. */
class Session {
  #recognition: Recognition | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;
  #silentEnds = 0;

  constructor(
    private readonly make: RecognitionClass,
    private readonly language: string,
    private readonly microphone: MediaStreamTrack,
    private readonly onLine: (line: SpokenLine) => void,
    private readonly onFailure: () => void,
  ) {}

  begin(): void {
    if (this.#stopped || this.microphone.readyState === 'ended') return;
    const recognition = new this.make();
    Object.assign(recognition, {
      lang: this.language,
      continuous: true,
      interimResults: true,
      processLocally: true,
    });
    /** The lines of this recognition, by the index of their result. */
    const lines = new Map<number, { readonly id: string; readonly startedAt: number }>();
    recognition.addEventListener('result', (event) => {
      const { resultIndex, results } = event as RecognitionResultEvent;
      this.#silentEnds = 0;
      for (let index = resultIndex; index < results.length; index += 1) {
        const { isFinal: final, 0: best } = results[index]!;
        const text = best?.transcript.trim();
        if (!text) continue;
        const line = lines.get(index) ?? { id: crypto.randomUUID(), startedAt: Date.now() };
        lines.set(index, line);
        this.onLine({ ...line, text, language: this.language, final });
      }
    });
    recognition.addEventListener('error', (event) => {
      if (!FINAL_ERRORS.has((event as RecognitionErrorEvent).error)) return;
      this.#stopped = true;
      this.onFailure();
    });
    recognition.addEventListener('end', () => this.#restart());
    this.#recognition = recognition;
    try {
      recognition.start(this.microphone);
    } catch {
      // It has not quite ended yet, or the track has.
      this.#restart();
    }
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#recognition?.stop();
  }

  #restart(): void {
    if (this.#stopped) return;
    this.#silentEnds += 1;
    clearTimeout(this.#timer);
    const wait = this.#silentEnds > QUICK_RESTARTS ? SLOW_RESTART_MS : RESTART_MS;
    this.#timer = setTimeout(() => this.begin(), wait);
  }
}
