import type { RecorderFailure } from '../../protocol/views.ts';
import type { RecordingServer } from '../recording.ts';
import type { SliceStore, StoredSegment, StoredSlice } from './slice-store.ts';

const TIMEOUT_MS = 30_000;
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 15_000;
/** A slice that was damaged on the way arrives at the next attempt. One that is damaged here never does. */
const MAX_CHANGED = 3;

export interface SegmentUploadOptions {
  readonly server: RecordingServer;
  readonly store: SliceStore;
  readonly id: string;
  /** Whether this page may still add to it. */
  readonly isRecording: () => boolean;
  /** Resolves when something was stored. */
  readonly untilStored: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** `given-up`: stopped by `signal`; everything that was not sent is stored. */
export type UploadResult = 'sent' | 'given-up' | RecorderFailure;

/** The server refused for good. */
class Refusal extends Error {
  constructor(readonly failure: RecorderFailure) {
    super(failure);
  }
}

/**
 * Sends one segment, slice by slice, each after the one before was acknowledged, until nothing is added any more. What was acknowledged is removed from the store. Interruptions are retried without end.
 */
export class SegmentUpload {
  readonly #options: SegmentUploadOptions;
  /** Failures in a row. */
  #failures = 0;
  #changed = 0;

  constructor(options: SegmentUploadOptions) {
    this.#options = options;
  }

  async run(): Promise<UploadResult> {
    const { store, id } = this.#options;
    try {
      const segment = await this.#find();
      if (segment) await this.#send(segment);
      await store.removeSegment(id);
      return 'sent';
    } catch (error) {
      if (this.#options.signal.aborted) return 'given-up';
      if (!(error instanceof Refusal)) throw error;
      await store.removeSegment(id);
      return error.failure;
    }
  }

  /** Null if nothing of it was stored. */
  async #find(): Promise<StoredSegment | null> {
    const { store, id, isRecording, untilStored } = this.#options;
    for (;;) {
      const stored = untilStored();
      const open = isRecording();
      const segment = await store.findSegment(id);
      if (segment || !open) return segment;
      await stored;
    }
  }

  async #send(segment: StoredSegment): Promise<void> {
    const { store, id, isRecording, untilStored } = this.#options;
    let offset = await this.#begin(segment);
    for (;;) {
      const stored = untilStored();
      // Read before the slice: what is added between the two is found in the next turn.
      const open = isRecording();
      const slice = await store.firstSlice(id);
      if (slice) offset = await this.#sendSlice(slice, offset);
      else if (open) await stored;
      else break;
    }
    const { bytes, chain, durationMs } = (await store.findSegment(id)) ?? segment;
    const end = { bytes, chain: chain || null, durationMs };
    await this.#request('POST', '/complete', JSON.stringify(end));
  }

  /** Resolves to the number of bytes that the server has. */
  async #begin({ id, mime, startedAt }: StoredSegment): Promise<number> {
    const response = await this.#request('POST', '', JSON.stringify({ id, mime, startedAt }));
    return offsetOf(response);
  }

  /** `offset`: what the server has. Resolves to what it has afterwards. */
  async #sendSlice(slice: StoredSlice, offset: number): Promise<number> {
    const { store } = this.#options;
    const end = slice.offset + slice.bytes.byteLength;
    if (end <= offset) {
      // Its acknowledgement was lost.
      await store.removeSlice(slice);
      return offset;
    }
    // What lies between is neither here nor there.
    if (slice.offset !== offset) throw new Refusal('upload');
    const headers = { 'upload-offset': String(offset), 'slice-chain': slice.chain };
    const response = await this.#request('PATCH', '', slice.bytes, headers);
    if (response.status === 409) return offsetOf(response);
    await store.removeSlice(slice);
    return end;
  }

  /**
   * Repeats the request until the server answers it. Resolves to a success, or to a PATCH's 409 with the offset. Throws a
   * Refusal, or anything if the signal is aborted.
   */
  async #request(
    method: 'POST' | 'PATCH',
    action: string,
    body: string | ArrayBuffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const { signal } = this.#options;
    for (;;) {
      const answer = await this.#try(method, action, body, headers);
      if (signal.aborted) throw new Error('aborted');
      const { status, code } = answer;
      if (status >= 200 && status < 300) {
        this.#failures = this.#changed = 0;
        return answer;
      }
      if (method === 'PATCH' && status === 409 && code === 'upload-offset') return answer;
      if (status === 507) throw new Refusal('storage-full');
      if (status === 422 && ++this.#changed >= MAX_CHANGED) throw new Refusal('upload');
      if (isFinal(status)) throw new Refusal('upload');
      await this.#pause();
    }
  }

  /** Without an answer the status is 0. */
  async #try(
    method: string,
    action: string,
    body: string | ArrayBuffer,
    headers: Record<string, string>,
  ): Promise<Answer> {
    const { server, signal, store, id } = this.#options;
    const segment = await store.findSegment(id);
    if (!segment) throw new Refusal('upload');
    const segments = `/api/v1/recordings/${segment.recording}/segments`;
    const path = method === 'POST' && !action ? segments : `${segments}/${id}${action}`;
    const type = typeof body === 'string' ? 'application/json' : 'application/offset+octet-stream';
    const abort = new AbortController();
    const cancel = () => abort.abort();
    const timer = setTimeout(cancel, TIMEOUT_MS);
    signal.addEventListener('abort', cancel);
    try {
      const response = await fetch(new URL(path, server.address), {
        method,
        headers: { ...server.headers(), ...headers, 'content-type': type },
        body,
        signal: abort.signal,
      });
      const answer = response.status === 204 ? {} : await response.json().catch(() => ({}));
      return { status: response.status, ...(answer as object) };
    } catch {
      return { status: 0 };
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Ends early when the network is back, and when the upload is stopped. */
  #pause(): Promise<void> {
    const { signal } = this.#options;
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        removeEventListener('online', done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, longest * (0.5 + Math.random() / 2));
      addEventListener('online', done);
      signal.addEventListener('abort', done);
    });
  }
}

interface Answer {
  readonly status: number;
  readonly code?: unknown;
  readonly offset?: unknown;
}

function offsetOf({ offset }: Answer): number {
  if (typeof offset === 'number') return offset;
  throw new Refusal('upload');
}

/** 401: the agent's token is renewed from time to time. 408, 425, 429: too early. */
const isFinal = (status: number) =>
  status >= 400 && status < 500 && ![401, 408, 422, 425, 429].includes(status);
