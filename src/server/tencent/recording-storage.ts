import { SettingsError, type CloudRecordingSettings } from '../settings/settings.ts';

/** Where TRTC's cloud stores the files of a recording. It holds no key. */
export type RecordingStorage =
  | {
      /** COS of Tencent Cloud, or S3 of AWS. */
      readonly kind: 'cos' | 's3';
      readonly bucket: string;
      readonly region: string;
      /** The folders in the bucket. TRTC adds one for each task. */
      readonly prefix: readonly string[];
    }
  | {
      readonly kind: 'vod';
      /** Null: the account's main application. */
      readonly application: number | null;
    };

export type BucketStorage = Extract<RecordingStorage, { readonly bucket: string }>;

/** Throws a SettingsError if a bucket has no region. */
export function recordingStorage({
  storage,
  region,
}: Pick<CloudRecordingSettings, 'storage' | 'region'>): RecordingStorage {
  const [kind, place = ''] = storage.split('://');
  if (kind === 'vod') return { kind, application: place === '' ? null : Number(place) };
  if (region === null) throw new SettingsError('TRTC_RECORDINGS_REGION must be set.');
  const [bucket = '', ...prefix] = place.split('/');
  return { kind: kind === 'cos' ? 'cos' : 's3', bucket, region, prefix };
}
