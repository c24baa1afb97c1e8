import { constants } from 'node:fs';
import { mkdir, open, readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { RtcDeskError } from '../../protocol/errors.ts';
import { isDiskFull } from '../settings/disk-full.ts';

/** Nobody begins to record with less space: an hour has some 500 MB, and joining needs as much again. */
const MIN_BYTES_TO_BEGIN = 2 * 2 ** 30;
/** Nothing is written with less space, so that the database beside it can go on. */
const MIN_BYTES_TO_WRITE = 512 * 2 ** 20;

/**
 * Where recordings are: a folder for each, named by its id. It has `<segment>.segment` for each segment that was sent,
 * and `<name>.recording` for each file that can be played. All are encrypted.
 */
export class RecordingFolder {
  constructor(
    readonly path: string,
    /** Space for this process on the disk, in bytes. */
    private readonly freeBytes: (path: string) => Promise<number> = freeBytesOf,
  ) {}

  /** Makes the folder if it is missing. Rejects with an error of Node. */
  async make(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
  }

  folderOf(recording: string): string {
    return join(this.path, recording);
  }

  segmentFile(recording: string, segment: string): string {
    return join(this.path, recording, `${segment}.segment`);
  }

  file(recording: string, name: string): string {
    return join(this.path, recording, name);
  }

  /** Rejects with `storage-full` if the disk is too full for another recording. */
  requireSpaceForRecording(): Promise<void> {
    return this.#requireSpace(MIN_BYTES_TO_BEGIN);
  }

  /** Rejects with `storage-full` if the disk is too full for so many bytes. */
  requireSpaceFor(bytes: number): Promise<void> {
    return this.#requireSpace(MIN_BYTES_TO_WRITE + bytes);
  }

  async #requireSpace(bytes: number): Promise<void> {
    await this.make();
    if ((await this.freeBytes(this.path)) < bytes) throw storageFull();
  }

  /**
   * Writes at this place of a segment, and cuts off what lies behind it: bytes of a slice that was written and never
   * acknowledged. Resolves when it is on the disk. Rejects with `storage-full`.
   */
  async write(
    recording: string,
    segment: string,
    position: number,
    bytes: Uint8Array,
  ): Promise<void> {
    try {
      await mkdir(this.folderOf(recording), { recursive: true, mode: 0o700 });
      const flags = constants.O_RDWR | constants.O_CREAT;
      const file = await open(this.segmentFile(recording, segment), flags, 0o600);
      try {
        const { size } = await file.stat();
        if (size < position) throw new Error('The segment is shorter than its row says.');
        if (size > position) await file.truncate(position);
        await file.write(bytes, 0, bytes.length, position);
        await file.sync();
      } finally {
        await file.close();
      }
      if (position === 0) await this.#syncNames(recording);
    } catch (error) {
      throw isDiskFull(error) ? storageFull(error) : error;
    }
  }

  /** A new name is on the disk only when its folder is. */
  async #syncNames(recording: string): Promise<void> {
    for (const folder of [this.folderOf(recording), this.path]) {
      const handle = await open(folder);
      await handle.sync().finally(() => handle.close());
    }
  }

  /** Deletes the files of a recording but for those with these names; without names, its folder. */
  async delete(recording: string, kept: readonly string[] = []): Promise<void> {
    const folder = this.folderOf(recording);
    if (kept.length === 0) return rm(folder, { recursive: true, force: true });
    for (const name of await readdir(folder)) {
      if (!kept.includes(name)) await rm(join(folder, name), { force: true });
    }
  }
}

export function storageFull(cause?: unknown): RtcDeskError {
  return new RtcDeskError('storage-full', 'The disk for recordings is nearly full.', { cause });
}

async function freeBytesOf(path: string): Promise<number> {
  const { bavail, bsize } = await statfs(path);
  return bavail * bsize;
}
