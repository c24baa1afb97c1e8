import type { RealtimeTranscriberMessageEvent, RealtimeTranscriberStateEvent } from 'trtc-sdk-v5';
import type { Clock } from '../../platform/clock.ts';
import { withTimeout } from '../../platform/with-timeout.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { SpeechRecognizer, SpokenLine, Translation } from '../speech.ts';
import { TrtcError } from './error.ts';
import { LatestRequest } from './latest-request.ts';
import type { TrtcClient } from './sdk.ts';
import { spokenLanguage, translatedLanguage } from './transcriber-languages.ts';

const NAME = 'RealtimeTranscriber';
/** The cloud's own limit for a request is 6 s. */
const START_TIMEOUT_MS = 10_000;
/**
 * A task goes on for so long after `stop`: the end of a sentence arrives after the microphone is muted, and a short mute
 * costs no new task. The cloud takes 20 requests a second from all calls of an application.
 */
const STOP_DELAY_MS = 10_000;
/** A task that the cloud ends so soon after its start is not started again. */
const MIN_TASK_MS = 30_000;
/** Segments whose further states are awaited. */
const MAX_SEGMENTS = 50;

const loadPlugin = () =>
  import('trtc-sdk-v5/plugins/realtime-transcriber/realtime-transcriber.esm.js');

export interface TrtcTranscriberOptions {
  readonly client: TrtcClient;
  readonly clock: Clock;
  /** Our own participant id. */
  readonly self: string;
}

/** For the first of these languages that the cloud recognises; null if it recognises none. */
export function openTrtcTranscriber(
  options: TrtcTranscriberOptions,
  languages: readonly string[],
): TrtcTranscriber | null {
  const language = languages.find((tag) => spokenLanguage(tag) !== null);
  return language === undefined ? null : new TrtcTranscriber(options, language);
}

/**
 * The SDK's plugin for transcription, as the recogniser of our own speech. Its chunk is loaded with the first task. A task
 * of the cloud recognises one language. So each person in the room has an own task.
 * The cloud sends the lines of all tasks to everybody in the room. Each client takes those of its own person and leaves
 * out the others, so that a line is passed on and stored once.
 */
export class TrtcTranscriber implements SpeechRecognizer {
  onFailure: SpeechRecognizer['onFailure'] = null;
  readonly #options: TrtcTranscriberOptions;
  /** As a BCP 47 tag. */
  readonly #language: string;
  /** The cloud's name of our task's robot: at most 32 characters. */
  readonly #robot: string;
  /** The languages into which the task translates; null: no task. */
  readonly #request = new LatestRequest<readonly string[] | null>((targets) => this.#run(targets));
  readonly #segments = new Map<string, Pick<SpokenLine, 'id' | 'startedAt'>>();
  #onLine: ((line: SpokenLine) => void) | null = null;
  /** What was asked for last. */
  #targets: readonly string[] = [];
  /** The languages of the task that runs, joined; null: none runs. */
  #running: string | null = null;
  #startedAt = 0;
  #installed = false;
  #cancelStop: (() => void) | null = null;
  #over = false;

  constructor(options: TrtcTranscriberOptions, language: string) {
    this.#options = options;
    this.#language = language;
    this.#robot = `asr_${options.self}`.slice(0, 32);
    options.client
      .on('realtime-transcriber-message', (message) => this.#handleMessage(message))
      .on('realtime-transcriber-state-changed', (change) => this.#handleState(change));
  }

  /** The cloud hears what the room sends, which is this microphone. */
  start(
    _microphone: MediaStreamTrack,
    onLine: (line: SpokenLine) => void,
    translateTo: readonly string[] = [],
  ): void {
    if (this.#over) return;
    this.#cancelStop?.();
    this.#cancelStop = null;
    this.#onLine = onLine;
    const own = translatedLanguage(this.#language);
    const codes = translateTo.flatMap((tag) => translatedLanguage(tag) ?? []);
    this.#targets = [...new Set(codes)].filter((code) => code !== own).sort();
    this.#request.set(this.#targets);
  }

  stop(): void {
    if (!this.#onLine) return;
    this.#cancelStop ??= this.#options.clock.after(STOP_DELAY_MS, () => {
      this.#cancelStop = this.#onLine = null;
      this.#request.set(null);
    });
  }

  /** Ends the task with the media. Never rejects. */
  async close(): Promise<void> {
    if (this.#over) return;
    this.#end();
    this.onFailure?.();
    this.#request.set(null);
    await this.#request.settled();
  }

  /** Never rejects. */
  async #run(targets: readonly string[] | null): Promise<void> {
    const wanted = targets?.join(' ') ?? null;
    if (wanted === this.#running) return;
    // The plugin cannot change a task.
    if (this.#running !== null) await this.#stopTask();
    if (!targets || this.#over) return;
    try {
      await this.#startTask(targets);
      this.#running = wanted;
      this.#startedAt = this.#options.clock.now();
    } catch (cause) {
      this.#fail(cause);
    }
  }

  async #startTask(targets: readonly string[]): Promise<void> {
    const { client, clock, self } = this.#options;
    const start = this.#install().then(() =>
      client.startPlugin(NAME, {
        sourceLanguage: spokenLanguage(this.#language)!,
        ...(targets.length > 0 && { translationLanguages: [...targets] }),
        userIdsToTranscribe: [self],
        transcriberRobotId: this.#robot,
      }),
    );
    const timedOut = () => new RtcDeskError('media-failed', 'The transcription did not start.');
    try {
      await withTimeout(clock, START_TIMEOUT_MS, start, timedOut);
    } catch (error) {
      // One that starts late costs money, and nobody awaits its lines.
      start.then(
        () => this.#stopTask(),
        () => undefined,
      );
      throw error;
    }
  }

  async #install(): Promise<void> {
    if (this.#installed) return;
    const { RealtimeTranscriber } = await loadPlugin();
    if (this.#over) throw new RtcDeskError('conflict', 'Ended while loading.');
    this.#options.client.use(RealtimeTranscriber);
    this.#installed = true;
  }

  async #stopTask(): Promise<void> {
    this.#running = null;
    // The cloud ends a task by itself 30 s after its person has left.
    await this.#options.client
      .stopPlugin(NAME, { transcriberRobotId: this.#robot })
      .catch(() => undefined);
  }

  #handleMessage(message: RealtimeTranscriberMessageEvent): void {
    const { segmentId, speakerUserId, sourceText, translationTexts, isCompleted } = message;
    const text = sourceText?.trim();
    if (speakerUserId !== this.#options.self || !this.#onLine || !text) return;
    const segment = this.#segments.get(segmentId) ?? {
      id: crypto.randomUUID(),
      startedAt: Date.now(),
    };
    this.#segments.delete(segmentId);
    this.#segments.set(segmentId, segment);
    if (this.#segments.size > MAX_SEGMENTS) {
      this.#segments.delete(this.#segments.keys().next().value!);
    }
    const translations = readTranslations(translationTexts);
    const language = this.#language;
    this.#onLine({ ...segment, text, language, final: isCompleted === true, translations });
  }

  /** The cloud may end a task by itself. */
  #handleState({ state, transcriberRobotId }: RealtimeTranscriberStateEvent): void {
    if (state !== 'stopped' || transcriberRobotId !== this.#robot || this.#running === null) return;
    this.#running = null;
    if (!this.#onLine || this.#cancelStop) return;
    if (this.#options.clock.now() - this.#startedAt < MIN_TASK_MS) {
      this.#fail(new RtcDeskError('media-failed', 'The cloud ended the transcription.'));
    } else this.#request.set(this.#targets);
  }

  #fail(cause: unknown): void {
    if (this.#over) return;
    this.#end();
    const error = TrtcError.from(cause);
    // The cloud's own codes: the feature is not bought or not switched on, or there are too many tasks.
    this.onFailure?.(error.refused ? 'forbidden' : error.code);
  }

  #end(): void {
    this.#over = true;
    this.#cancelStop?.();
    this.#cancelStop = this.#onLine = null;
  }
}

/** The SDK's types say a list. Its guide reads an object whose keys are the languages. */
function readTranslations(value: unknown): Translation[] {
  const list: unknown[] = Array.isArray(value)
    ? value
    : Object.entries(value ?? {}).map(([language, text]) => ({ language, text }));
  return list.flatMap((one) => {
    const { language, text } = (one ?? {}) as Record<string, unknown>;
    if (typeof language !== 'string' || typeof text !== 'string') return [];
    return language && text.trim() ? [{ language, text: text.trim() }] : [];
  });
}
