import { randomBytes } from 'node:crypto';
import {
  BufferTarget,
  EncodedPacket,
  EncodedVideoPacketSource,
  Output,
  WebMOutputFormat,
} from 'mediabunny';

const FRAME_SECONDS = 0.1;
const CONFIG: VideoDecoderConfig = { codec: 'vp8', codedWidth: 640, codedHeight: 240 };

/** A segment as a browser records it, with as many frames of so many bytes. Nobody can see anything in it. */
export async function largeSegment(frames: number, frameBytes: number): Promise<Buffer> {
  const target = new BufferTarget();
  const output = new Output({ format: new WebMOutputFormat(), target });
  const source = new EncodedVideoPacketSource('vp8');
  output.addVideoTrack(source);
  await output.start();
  for (let frame = 0; frame < frames; frame += 1) {
    const kind = frame === 0 ? 'key' : 'delta';
    const time = frame * FRAME_SECONDS;
    const packet = new EncodedPacket(randomBytes(frameBytes), kind, time, FRAME_SECONDS);
    await source.add(packet, frame === 0 ? { decoderConfig: CONFIG } : undefined);
  }
  await output.finalize();
  return Buffer.from(target.buffer!);
}
