import { isBucket } from '../settings/recordings-path.ts';
import type { Settings } from '../settings/settings.ts';
import { ObjectStore } from './object-store.ts';

/** The operator's object store. */
export interface ObjectStorage {
  readonly objects: ObjectStore;
  /** Where new files go: `s3://bucket/prefix`. Null: nowhere; files that were moved before are read and deleted. */
  readonly destination: string | null;
}

/** Null: no keys of an object store are set. */
export function openObjectStorage({
  recordings,
  awsAccessKeyId: accessKeyId,
  awsSecretAccessKey: secretAccessKey,
  awsSessionToken: sessionToken,
  awsRegion: region,
  s3Endpoint: endpoint,
}: Settings): ObjectStorage | null {
  if (accessKeyId === null || secretAccessKey === null) return null;
  return {
    objects: new ObjectStore({ accessKeyId, secretAccessKey, sessionToken, region, endpoint }),
    destination: isBucket(recordings) ? recordings.replace(/\/$/, '') : null,
  };
}
