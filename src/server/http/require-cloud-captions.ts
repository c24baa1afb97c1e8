import type { CaptionSettings } from '../../protocol/captions.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { HttpContext } from './http-context.ts';

/** Throws `bad-message` if TRTC's cloud is to write captions and this server has no TRTC. */
export function requireCloudCaptions(
  { settings }: Pick<HttpContext, 'settings'>,
  captions: CaptionSettings | undefined,
): void {
  if (captions?.by !== 'cloud' || settings.trtc) return;
  throw new RtcDeskError(
    'bad-message',
    'captions.by: this server has no TRTC, so its cloud cannot write captions',
  );
}
