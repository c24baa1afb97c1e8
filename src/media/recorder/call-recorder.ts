import type { RecorderFailure } from '../../protocol/views.ts';
import type { CallRecorder, CallRecorderOptions, RecordedPerson } from '../recording.ts';
import { CompositePicture } from './composite-picture.ts';
import type { SegmentQueue } from './segment-queue.ts';
import { recordingFormat, SegmentRecorder } from './segment-recorder.ts';
import type { SliceStore } from './slice-store.ts';
import { SoundMix } from './sound-mix.ts';

export interface BrowserRecorderOptions extends CallRecorderOptions {
  readonly store: Promise<SliceStore>;
  readonly queue: SegmentQueue;
  readonly owner: string;
  /** The address of the timer's worker, if it is not beside the built scripts. */
  readonly timer?: string | undefined;
}

/** What is held while a segment is recorded. */
interface Take {
  readonly picture: CompositePicture;
  readonly sound: SoundMix;
  readonly timer: ReturnType<typeof setTimeout>;
  /** Null before the first one. */
  segment: SegmentRecorder | null;
}

/** A browser that may mix begins to within some milliseconds. */
const MIX_WAIT_MS = 1_000;

/** Records a call by the browser's `MediaRecorder`, from one picture and one sound of everybody. */
export class BrowserRecorder implements CallRecorder {
  readonly #options: BrowserRecorderOptions;
  #people: readonly RecordedPerson[] = [];
  #take: Take | null = null;
  #closed = false;
  /** The segments that have ended, until everything of them is stored. */
  #stopping: Promise<unknown> = Promise.resolve();

  constructor(options: BrowserRecorderOptions) {
    this.#options = options;
  }

  setPeople(people: readonly RecordedPerson[]): void {
    this.#people = people;
    this.#take?.picture.setPeople(people);
    this.#take?.sound.setTracks(this.#sounds);
  }

  record(): void {
    if (this.#closed || this.#take) return;
    if (!recordingFormat()) return this.#fail('unsupported');
    try {
      const picture = new CompositePicture(this.#options);
      const sound = new SoundMix(() => this.#beginSegment());
      picture.setPeople(this.#people);
      sound.setTracks(this.#sounds);
      const timer = setTimeout(() => this.#take?.segment ?? this.#beginSegment(), MIX_WAIT_MS);
      this.#take = { picture, sound, timer, segment: null };
    } catch (error) {
      console.warn('rtc-desk: this browser cannot record', error);
      this.#fail('unsupported');
    }
  }

  pause(): void {
    const take = this.#take;
    if (!take) return;
    this.#take = null;
    clearTimeout(take.timer);
    if (take.segment) this.#stop(take.segment);
    // What was drawn and said until now is in the segment already.
    take.picture.close();
    take.sound.close();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.pause();
    await this.#stopping;
  }

  get #sounds(): readonly MediaStreamTrack[] {
    return this.#people.flatMap(({ sound }) => sound ?? []);
  }

  /** As long as the browser mixes nothing, the first person's sound stands for all: a file without sound is worse. */
  #begin(picture: CompositePicture, mix: SoundMix): SegmentRecorder {
    const { store, queue, owner, recording, now } = this.#options;
    const sound = mix.running ? mix.track : this.#sounds.find(isHeard);
    const id = crypto.randomUUID();
    const mime = recordingFormat()!;
    const segment = new SegmentRecorder({
      ...{ store, id, recording, owner, mime, startedAt: now() },
      tracks: [picture.track, ...(sound ? [sound] : [])],
      onStored: () => queue.handleStored(),
      onFailure: (failure) => this.#fail(failure),
      onStalled: () => this.#beginAnew(segment),
    });
    queue.add({
      id,
      isRecording: () => !segment.finished,
      onResult: (result) => {
        if (result !== 'sent' && result !== 'given-up') this.#fail(result);
      },
    });
    return segment;
  }

  /** The browser has begun to mix, or does not for the moment. Ends the segment that began without the mix. */
  #beginSegment(): void {
    const take = this.#take;
    if (!take) return;
    if (take.segment) this.#stop(take.segment);
    try {
      take.segment = this.#begin(take.picture, take.sound);
    } catch (error) {
      console.warn('rtc-desk: this browser cannot record', error);
      this.#fail('unsupported');
    }
  }

  /** A new picture and a new mix usually bring a stalled recording on. */
  #beginAnew(stalled: SegmentRecorder): void {
    if (this.#take?.segment !== stalled) return;
    this.pause();
    this.record();
  }

  #stop(segment: SegmentRecorder): void {
    this.#stopping = Promise.all([this.#stopping, segment.stop()]);
  }

  #fail(failure: RecorderFailure): void {
    if (this.#closed) return;
    void this.close();
    this.#options.onFailure(failure);
  }
}

/** A track that gives nothing would hold back the picture, too. */
const isHeard = ({ readyState, muted }: MediaStreamTrack) => readyState === 'live' && !muted;
