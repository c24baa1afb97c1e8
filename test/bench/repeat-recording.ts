import {
  ALL_FORMATS,
  BufferSource,
  BufferTarget,
  Conversion,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MkvOutputFormat,
  Mp4OutputFormat,
  Output,
  type EncodedPacket,
} from 'mediabunny';

/**
 * A segment as a browser sends it, of this many seconds at least: what the file holds, again and again, each time later.
 */
export async function repeatRecording(file: Uint8Array, seconds: number): Promise<Uint8Array> {
  const input = openFile(file);
  const video = (await input.getPrimaryVideoTrack())!;
  const audio = (await input.getPrimaryAudioTrack())!;
  const target = new BufferTarget();
  const output = new Output({ format: new MkvOutputFormat(), target });
  const pictures = new EncodedVideoPacketSource((await video.getCodec())!);
  const sounds = new EncodedAudioPacketSource((await audio.getCodec())!);
  output.addVideoTrack(pictures);
  output.addAudioTrack(sounds);
  await output.start();
  const videoConfig = { decoderConfig: (await video.getDecoderConfig())! };
  const audioConfig = { decoderConfig: (await audio.getDecoderConfig())! };
  const packets = [
    ...(await packetsOf(new EncodedPacketSink(video))).map((packet) => ({ packet, isVideo: true })),
    ...(await packetsOf(new EncodedPacketSink(audio))).map((packet) => ({
      packet,
      isVideo: false,
    })),
  ].sort((a, b) => a.packet.timestamp - b.packet.timestamp);
  const length = await input.computeDuration();
  for (let from = 0; from < seconds; from += length) {
    for (const { packet, isVideo } of packets) {
      const moved = packet.clone({ timestamp: packet.timestamp + from });
      await (isVideo ? pictures.add(moved, videoConfig) : sounds.add(moved, audioConfig));
    }
  }
  await output.finalize();
  input.dispose();
  return new Uint8Array(target.buffer!);
}

/** Puts the segment into an MP4 by the library's own conversion, in memory. Resolves to the seconds that it takes. */
export async function convertInMemory(segment: Uint8Array): Promise<number> {
  const begin = performance.now();
  const input = openFile(segment);
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: false }),
    target: new BufferTarget(),
  });
  const conversion = await Conversion.init({ input, output, showWarnings: false });
  await conversion.execute();
  input.dispose();
  return (performance.now() - begin) / 1_000;
}

const openFile = (bytes: Uint8Array): Input =>
  new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });

async function packetsOf(sink: EncodedPacketSink): Promise<EncodedPacket[]> {
  const packets: EncodedPacket[] = [];
  for await (const packet of sink.packets()) packets.push(packet);
  return packets;
}
