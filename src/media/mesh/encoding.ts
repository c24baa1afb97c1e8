/** Bits a second to one other person: what 720 lines need, and a screen's text. */
const ALONE = { camera: 2_000_000, screen: 2_500_000 };
/** What all copies of one source may take of an uplink together. */
const TOGETHER = 4_000_000;
/**
 * A camera's picture is sent at half its width and height until the connection has been measured. A browser begins
 * with a guess of 300 kb/s, which 720 lines do not fit into: Chromium 147 leaves out the first four frames of such a
 * picture, and shows the first one after 225 ms of being connected, instead of after 80.
 */
const FIRST_SCALE = 2;

export interface SendingShape {
  /** In a mesh each source is sent once to everybody: the more there are, the less each gets. */
  readonly links: number;
  /** The connection is new, and nobody knows yet what it carries. */
  readonly fresh: boolean;
}

/** How large, and how dear, the picture is that goes out. */
export function shapeOf(
  source: keyof typeof ALONE,
  { links, fresh }: SendingShape,
): RTCRtpEncodingParameters {
  return {
    maxBitrate: Math.min(ALONE[source], Math.floor(TOGETHER / links)),
    scaleResolutionDownBy: fresh && source === 'camera' ? FIRST_SCALE : 1,
  };
}

export async function shapeSending(
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
    // A negotiation in between makes the parameters stale: the browser's own estimate limits it, and the next
    // change of the connection asks again.
  }
}
