import { ObjectStoreError } from '../object-storage/object-store-error.ts';
import type { ObjectStore } from '../object-storage/object-store.ts';
import type { RecordingFolder } from './recording-folder.ts';
import { openFileSource, readSealed, type SealedSource } from './sealed-file.ts';

/** Where the server's own files of recordings can be. */
export interface StoredPlaces {
  readonly folder: RecordingFolder;
  /** Null: no object store is set. */
  readonly objects: ObjectStore | null;
}

/** A file that can be played. */
export interface StoredFile {
  readonly recording: string;
  readonly name: string;
  readonly bytes: number;
  readonly key: Uint8Array;
  /** In the object store. Null: it is in the folder. */
  readonly address: string | null;
}

/**
 * The bytes inside, from `start` up to `end`, wherever the file is. Fails with an ObjectStoreError, an error of Node, or
 * the error of a file that was changed.
 */
export async function* readStoredFile(
  places: StoredPlaces,
  { recording, name, bytes, key, address }: StoredFile,
  start = 0,
  end = bytes,
): AsyncGenerator<Buffer, void, void> {
  const source =
    address === null
      ? await openFileSource(places.folder.file(recording, name))
      : objectSource(places.objects, address);
  yield* readSealed({ key, name, size: bytes }, source, start, end);
}

function objectSource(objects: ObjectStore | null, address: string): SealedSource {
  if (!objects) throw new ObjectStoreError('refused', 'No keys of an object store are set.');
  return { read: (start, end) => objects.read(address, start, end), close: async () => {} };
}
