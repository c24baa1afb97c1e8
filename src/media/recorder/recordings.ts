import type {
  CallRecorder,
  CallRecorderOptions,
  Recordings,
  RecordingServer,
} from '../recording.ts';
import { BrowserRecorder } from './call-recorder.ts';
import { SegmentQueue } from './segment-queue.ts';
import { SliceStore } from './slice-store.ts';

/** Of a test. */
export interface RecordingsOptions {
  /** The name of the database. */
  readonly database?: string;
  /** The address of the timer's worker. */
  readonly timer?: string;
}

/** Recordings by this browser's own `MediaRecorder`. A chunk of its own, loaded when a recording begins. */
export class BrowserRecordings implements Recordings {
  readonly #owner: string;
  readonly #store: Promise<SliceStore>;
  readonly #queue: SegmentQueue;
  readonly #recorders = new Set<CallRecorder>();

  constructor(
    server: RecordingServer,
    private readonly options: RecordingsOptions = {},
  ) {
    this.#owner = `${new URL('/', server.address).href}${server.agent}`;
    this.#store = SliceStore.open(options.database);
    // Its users tell the failure.
    this.#store.catch(() => undefined);
    this.#queue = new SegmentQueue(server, this.#store, this.#owner);
  }

  openRecorder(options: CallRecorderOptions): CallRecorder {
    const own = { store: this.#store, queue: this.#queue, owner: this.#owner };
    const recorder = new BrowserRecorder({ ...options, ...own, timer: this.options.timer });
    this.#recorders.add(recorder);
    return recorder;
  }

  sendStored(): void {
    this.#queue.addStored();
  }

  async close(): Promise<void> {
    this.#queue.close();
    await Promise.all([...this.#recorders].map((recorder) => recorder.close()));
    const store = await this.#store.catch(() => null);
    store?.release();
  }
}
