import type { VideoProfile } from '../../protocol/video-profile.ts';

/** Bits a second to one other person: what 720 lines of a camera and the text of a screen need. */
const MAX_BITRATES = { camera: 1_800_000, screen: 2_500_000 };
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
  /** Of the camera. */
  readonly profile: VideoProfile | undefined;
}

/** How a picture is sent. */
export interface Encoding {
  readonly encoding: RTCRtpEncodingParameters;
  /** What is kept where the network does not carry all; undefined: the browser chooses. */
  readonly degradationPreference: RTCDegradationPreference | undefined;
}

export function encodingOf(
  source: keyof typeof MAX_BITRATES,
  { links, fresh, profile }: EncodingConditions,
): Encoding {
  const camera = source === 'camera';
  const own = camera ? profile : undefined;
  const wanted = own ? own.bitrate * 1000 : MAX_BITRATES[source];
  return {
    encoding: {
      maxBitrate: Math.min(wanted, Math.floor(MAX_UPLINK_BITRATE / links)),
      scaleResolutionDownBy: fresh && camera ? FIRST_SCALE : 1,
      ...(camera && { maxFramerate: own?.frameRate ?? 30 }),
    },
    degradationPreference: own?.prefer === 'sharpness' ? 'maintain-resolution' : undefined,
  };
}

export async function applyEncoding(
  sender: RTCRtpSender,
  { encoding: wanted, degradationPreference }: Encoding,
): Promise<void> {
  const parameters = sender.getParameters();
  const encoding = parameters.encodings?.[0];
  if (!encoding) return;
  const before = JSON.stringify(parameters);
  Object.assign(encoding, wanted);
  Object.assign(parameters, { degradationPreference });
  if (JSON.stringify(parameters) === before) return;
  try {
    await sender.setParameters(parameters);
  } catch {
    // A negotiation in between makes the parameters stale. The browser's own estimate limits the bitrate, and the
    // next change of the connection sets them again.
  }
}
