import type { RecordingServer } from '../recording.ts';
import { lockSegment } from './segment-lock.ts';
import { SegmentUpload, type UploadResult } from './segment-upload.ts';
import type { SliceStore } from './slice-store.ts';

interface QueuedSegment {
  readonly id: string;
  readonly isRecording: () => boolean;
  readonly onResult: (result: UploadResult) => void;
}

/** Sends an agent's segments one after the other, in the order in which they were recorded. */
export class SegmentQueue {
  readonly #server: RecordingServer;
  readonly #store: Promise<SliceStore>;
  readonly #owner: string;
  readonly #stop = new AbortController();
  readonly #waiting = new Set<() => void>();
  #running: Promise<void> = Promise.resolve();

  constructor(server: RecordingServer, store: Promise<SliceStore>, owner: string) {
    this.#server = server;
    this.#store = store;
    this.#owner = owner;
  }

  /** Sends what earlier pages of this agent have stored and no longer send. */
  addStored(): void {
    this.#run(async (store) => {
      for (const { id } of await store.segmentsOf(this.#owner)) {
        if (this.#stop.signal.aborted) return;
        await this.#send(store, { id, isRecording: () => false, onResult: () => undefined });
      }
    });
  }

  /** Sends a segment while it is recorded. */
  add(segment: QueuedSegment): void {
    // At once, so that no other page takes it for one that was left.
    const lock = lockSegment(segment.id);
    this.#run((store) => this.#send(store, segment, lock));
  }

  /** Something was stored. */
  handleStored(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** What is not sent stays stored. */
  close(): void {
    this.#stop.abort();
    this.handleStored();
  }

  #run(work: (store: SliceStore) => Promise<void>): void {
    this.#running = this.#running
      .then(async () => work(await this.#store))
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) console.warn('rtc-desk: recording not sent', error);
      });
  }

  async #send(
    store: SliceStore,
    { id, isRecording, onResult }: QueuedSegment,
    lock = lockSegment(id),
  ): Promise<void> {
    const release = await lock;
    if (!release) return;
    const { signal } = this.#stop;
    try {
      const untilStored = () =>
        new Promise<void>((resolve) => (signal.aborted ? resolve() : this.#waiting.add(resolve)));
      const upload = { id, server: this.#server, store, isRecording, untilStored, signal };
      onResult(await new SegmentUpload(upload).run());
    } finally {
      release();
    }
  }
}
