import type { RecorderFailure } from '../../protocol/views.ts';
import type { SliceStore } from './slice-store.ts';

/** A crash or a reload loses at most the slice that is being recorded. */
const SLICE_MS = 2_000;
/** The server takes no larger slice. */
const MAX_SLICE_BYTES = 4 * 1024 * 1024;
/** As long as the server waits before it tells that nothing is heard. A slow encoder falls behind by less. */
const STALL_MS = 8_000;
const BITS_PER_SECOND = { videoBitsPerSecond: 1_000_000, audioBitsPerSecond: 64_000 };

/** H.264 costs half of VP8's processor time. A browser without it records VP8. */
const FORMATS = ['video/webm;codecs=h264,opus', 'video/webm;codecs=vp8,opus'];

/** The format in which this browser records; null: in none. */
export function recordingFormat(): string | null {
  if (typeof MediaRecorder === 'undefined') return null;
  return FORMATS.find((format) => MediaRecorder.isTypeSupported(format)) ?? null;
}

export interface SegmentRecorderOptions {
  readonly store: Promise<SliceStore>;
  readonly tracks: readonly MediaStreamTrack[];
  /** A UUID. */
  readonly id: string;
  readonly recording: string;
  readonly owner: string;
  readonly mime: string;
  /** The server's time, in ms since 1970. */
  readonly startedAt: number;
  /** Something was stored. */
  readonly onStored: () => void;
  readonly onFailure: (failure: RecorderFailure) => void;
  /** The browser has recorded nothing for some time. It gives nothing either if only one of the tracks does. */
  readonly onStalled: () => void;
}

/** Records one segment into the store, slice by slice. */
export class SegmentRecorder {
  readonly #options: SegmentRecorderOptions;
  readonly #media: MediaRecorder;
  readonly #start = performance.now();
  /** Each slice is stored after the one before. */
  #writing: Promise<void>;
  #stall: ReturnType<typeof setTimeout> | undefined;
  #failed = false;
  #finished = false;

  /** Throws the browser's error if it cannot record. */
  constructor(options: SegmentRecorderOptions) {
    this.#options = options;
    const { store, tracks, mime: mimeType, id, recording, owner, startedAt } = options;
    this.#media = new MediaRecorder(new MediaStream([...tracks]), { mimeType, ...BITS_PER_SECOND });
    this.#media.ondataavailable = ({ data }) => this.#store(data);
    this.#media.onerror = () => this.#fail('media');
    this.#writing = store.then((opened) =>
      opened.begin({ id, recording, owner, mime: mimeType, startedAt }),
    );
    this.#writing.then(options.onStored, (error: unknown) => this.#handleError(error));
    this.#media.start(SLICE_MS);
    this.#awaitData();
  }

  get id(): string {
    return this.#options.id;
  }

  /** Nothing more will be stored. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Resolves when everything is stored. Never rejects. */
  async stop(): Promise<void> {
    clearTimeout(this.#stall);
    if (this.#media.state !== 'inactive') {
      const stopped = new Promise((resolve) => (this.#media.onstop = resolve));
      this.#media.stop();
      await stopped;
    }
    // A failure was told where it arose.
    await this.#writing.catch(() => undefined);
    this.#finished = true;
    this.#options.onStored();
  }

  #awaitData(): void {
    clearTimeout(this.#stall);
    if (this.#media.state === 'recording') {
      this.#stall = setTimeout(this.#options.onStalled, STALL_MS);
    }
  }

  #store(data: Blob): void {
    if (data.size === 0) return;
    this.#awaitData();
    const durationMs = Math.round(performance.now() - this.#start);
    this.#write(async (store) => {
      const bytes = await data.arrayBuffer();
      for (let from = 0; from < bytes.byteLength; from += MAX_SLICE_BYTES) {
        await store.append(this.id, bytes.slice(from, from + MAX_SLICE_BYTES), durationMs);
      }
    });
  }

  #write(write: (store: SliceStore) => Promise<void>): void {
    this.#writing = this.#writing.then(async () => write(await this.#options.store));
    this.#writing.then(
      () => this.#options.onStored(),
      (error: unknown) => this.#handleError(error),
    );
  }

  #handleError(error: unknown): void {
    // The later writes fail with the first one.
    if (!this.#failed) console.warn('rtc-desk: a part of the recording could not be stored', error);
    this.#fail('no-space');
  }

  #fail(failure: RecorderFailure): void {
    if (this.#failed) return;
    this.#failed = true;
    this.#options.onFailure(failure);
  }
}
