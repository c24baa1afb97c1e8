import { ObjectStoreError } from '../object-storage/object-store-error.ts';
import { SealedFileDamaged } from './sealed-file.ts';

/** What was read back from the object store is not what was sent. */
export class StoredFileChanged extends Error {
  override readonly name = 'StoredFileChanged';
}

/** The code by which the console tells why a move or a deletion failed. */
export function failureOf(error: unknown): string {
  if (error instanceof ObjectStoreError) return `storage-${error.reason}`;
  if (error instanceof StoredFileChanged) return 'storage-changed';
  if (error instanceof SealedFileDamaged) return 'file-damaged';
  return (error as { code?: unknown }).code === 'ENOENT' ? 'file-missing' : 'failed';
}

/** SQL: the pause after so many failed attempts. It doubles from 10 s to an hour. */
export const storagePause = (attempts: string): string =>
  `make_interval(secs => least(3600, 10 * 2 ^ least(greatest(${attempts} - 1, 0), 20)))`;
