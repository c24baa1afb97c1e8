import { nextChain } from './slice-chain.ts';
import { DATABASE } from './stored-segments.ts';

/** The server takes nothing more of a recording after a day. */
const MAX_AGE_MS = 25 * 60 * 60 * 1000;

/** A part of a recording that was recorded without a break. */
export interface StoredSegment {
  /** A UUID. */
  readonly id: string;
  readonly recording: string;
  /** The server's address and the agent. */
  readonly owner: string;
  readonly mime: string;
  /** The server's time, in ms since 1970. */
  readonly startedAt: number;
  /** This device's time. */
  readonly storedAt: number;
  /** Of all slices, sent or not. */
  readonly bytes: number;
  readonly durationMs: number;
  /** Of the last slice; '' without one. */
  readonly chain: string;
}

/** A slice that the server may not have yet. */
export interface StoredSlice {
  readonly segment: string;
  /** In bytes, from the segment's beginning. */
  readonly offset: number;
  readonly bytes: ArrayBuffer;
  readonly chain: string;
}

/** The slices that the server has not acknowledged, in IndexedDB: they outlive a reload and a crash. */
export class SliceStore {
  private constructor(private readonly database: IDBDatabase) {}

  /** Rejects with the browser's error if it does not store anything for this page. */
  static async open(name = DATABASE): Promise<SliceStore> {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('segments', { keyPath: 'id' });
      request.result.createObjectStore('slices', { keyPath: ['segment', 'offset'] });
    };
    return new SliceStore(await resultOf(request));
  }

  async begin(
    segment: Pick<StoredSegment, 'id' | 'recording' | 'owner' | 'mime' | 'startedAt'>,
  ): Promise<void> {
    const { done, segments } = this.#change();
    const own = { bytes: 0, durationMs: 0, chain: '' };
    segments.put({ ...segment, ...own, storedAt: Date.now() } satisfies StoredSegment);
    await done;
  }

  /**
   * Call it for one slice of a segment after the other. Does nothing if the segment was removed, because the server refuses
   * it. Rejects with `QuotaExceededError` if there is no space.
   */
  async append(id: string, bytes: ArrayBuffer, durationMs: number): Promise<void> {
    const segment = await this.findSegment(id);
    if (!segment) return;
    const { bytes: offset, chain: before } = segment;
    const chain = await nextChain(before, bytes);
    const { done, segments, slices } = this.#change();
    slices.put({ segment: id, offset, bytes, chain } satisfies StoredSlice);
    segments.put({ ...segment, bytes: offset + bytes.byteLength, durationMs, chain });
    await done;
  }

  /** The owner's segments, the oldest first. Those of anybody that are too old are deleted. */
  async segmentsOf(owner: string): Promise<readonly StoredSegment[]> {
    const all = await resultOf<StoredSegment[]>(this.#read('segments').getAll());
    const isOld = ({ storedAt }: StoredSegment) => Date.now() - storedAt > MAX_AGE_MS;
    await Promise.all(all.filter(isOld).map(({ id }) => this.removeSegment(id)));
    return all
      .filter((segment) => segment.owner === owner && !isOld(segment))
      .sort((a, b) => a.storedAt - b.storedAt);
  }

  /** Null if it was removed. */
  async findSegment(id: string): Promise<StoredSegment | null> {
    const found: unknown = await resultOf(this.#read('segments').get(id));
    return (found as StoredSegment | undefined) ?? null;
  }

  /** The segment's first slice that is stored; null if there is none. */
  async firstSlice(id: string): Promise<StoredSlice | null> {
    const cursor = await resultOf(this.#read('slices').openCursor(slicesOf(id)));
    return (cursor?.value as StoredSlice | undefined) ?? null;
  }

  async removeSlice({ segment, offset }: StoredSlice): Promise<void> {
    const { done, slices } = this.#change();
    slices.delete([segment, offset]);
    await done;
  }

  async removeSegment(id: string): Promise<void> {
    const { done, segments, slices } = this.#change();
    segments.delete(id);
    slices.delete(slicesOf(id));
    await done;
  }

  /** Releases the database. */
  release(): void {
    this.database.close();
  }

  #read(store: 'segments' | 'slices'): IDBObjectStore {
    return this.database.transaction(store).objectStore(store);
  }

  /** `done` resolves once the change is on the disk. */
  #change() {
    const options = { durability: 'strict' } as const;
    const transaction = this.database.transaction(['segments', 'slices'], 'readwrite', options);
    const done = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    });
    const segments = transaction.objectStore('segments');
    return { done, segments, slices: transaction.objectStore('slices') };
  }
}

/** An array comes after every number in the order of keys. */
const slicesOf = (id: string) => IDBKeyRange.bound([id], [id, []]);

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'));
  });
}
