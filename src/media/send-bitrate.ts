/** Bits a second to one other person: what 720 lines need, and a screen's text. */
const ALONE = { camera: 2_000_000, screen: 2_500_000 };
/** What all copies of one source may take of an uplink together. */
const TOGETHER = 4_000_000;

/** In a mesh each source is sent once to everybody: the more there are, the less each gets. */
export async function limitBitrate(
  sender: RTCRtpSender,
  source: keyof typeof ALONE,
  links: number,
): Promise<void> {
  const maxBitrate = Math.min(ALONE[source], Math.floor(TOGETHER / links));
  const parameters = sender.getParameters();
  const encoding = parameters.encodings?.[0];
  if (!encoding || encoding.maxBitrate === maxBitrate) return;
  encoding.maxBitrate = maxBitrate;
  try {
    await sender.setParameters(parameters);
  } catch {
    // A negotiation in between makes the parameters stale: the browser's own estimate limits it, and the next
    // change of the connection asks again.
  }
}
