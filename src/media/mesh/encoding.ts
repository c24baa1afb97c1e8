/** Bits a second to one other person: what 720 lines of a camera and the text of a screen need. */
const MAX_BITRATES = { camera: 2_000_000, screen: 2_500_000 };
/** Bits a second for all copies of one source together. */
const MAX_UPLINK_BITRATE = 4_000_000;
/**
 * A camera's picture is sent at half its width and height until the connection has been measured. A browser starts
 * with an estimate of 300 kb/s, which is too little for 720 lines: Chromium 147 skips the first four frames of such a
 * picture, and shows the first one 225 ms after the connection instead of 80 ms.
 */
const FIRST_SCALE = 2;

export interface EncodingConditions {
  /** In a mesh each source is sent to everybody: the more people there are, the less each one gets. */
  readonly links: number;
  /** The connection is new, and its capacity is unknown. */
  readonly fresh: boolean;
}

/** The size and bitrate at which a picture is sent. */
export function encodingOf(
  source: keyof typeof MAX_BITRATES,
  { links, fresh }: EncodingConditions,
): RTCRtpEncodingParameters {
  return {
    maxBitrate: Math.min(MAX_BITRATES[source], Math.floor(MAX_UPLINK_BITRATE / links)),
    scaleResolutionDownBy: fresh && source === 'camera' ? FIRST_SCALE : 1,
  };
}

export async function applyEncoding(
  sender: RTCRtpSender,
  { maxBitrate, scaleResolutionDownBy }: RTCRtpEncodingParameters,
): Promise<void> {
  const parameters = sender.getParameters();
  const encoding = parameters.encodings?.[0];
  if (!encoding) return;
  const { maxBitrate: limit, scaleResolutionDownBy: scale = 1 } = encoding;
  if (limit === maxBitrate && scale === scaleResolutionDownBy) return;
  Object.assign(encoding, { maxBitrate, scaleResolutionDownBy });
  try {
    await sender.setParameters(parameters);
  } catch {
    // A negotiation in between makes the parameters stale. The browser's own estimate limits the bitrate, and the
    // next change of the connection sets them again.
  }
}
