import { RtcDeskError } from '../../protocol/errors.ts';
import type { RecordingSettings } from '../../protocol/recording.ts';
import type { HttpContext } from './http-context.ts';

/** Throws `bad-message` if TRTC's cloud is to record and this server has no storage for it. */
export function requireCloudRecordings(
  { settings }: Pick<HttpContext, 'settings'>,
  recording: RecordingSettings | null | undefined,
): void {
  if (recording?.by !== 'cloud' || settings.trtc?.cloud?.recordings) return;
  throw new RtcDeskError(
    'bad-message',
    'recording.by: this server has no TRTC_RECORDINGS, so TRTC’s cloud cannot record',
  );
}
