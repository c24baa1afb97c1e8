import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  CustomSource,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  MATROSKA,
  MP4,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  WEBM,
  WebMOutputFormat,
  type AudioCodec,
  type EncodedPacket,
  type InputAudioTrack,
  type InputVideoTrack,
  type StreamTargetChunk,
  type VideoCodec,
} from 'mediabunny';
import { ScratchFile } from './scratch-file.ts';
import { BLOCK_BYTES, writeSealed } from './sealed-file.ts';
import { SegmentReader } from './slice-frames.ts';

/** Where this file is, for the thread pool. */
export const joinThreadUrl = import.meta.url;

export interface JoinTask {
  /** The recording's folder, and its key. */
  readonly folder: string;
  readonly key: Uint8Array;
  /** Begins the names of the files that are made. */
  readonly name: string;
  /** In their order. */
  readonly segments: readonly { readonly id: string; readonly slices: number }[];
}

export interface JoinedFile {
  readonly part: number;
  readonly name: string;
  readonly mime: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
  readonly durationMs: number;
}

export interface JoinedSegment {
  readonly id: string;
  /** The file in which it is; null: it holds nothing that can be played. */
  readonly part: number | null;
  /** Where it begins in the file. */
  readonly startMs: number;
  readonly durationMs: number;
}

export interface Joined {
  readonly files: readonly JoinedFile[];
  readonly segments: readonly JoinedSegment[];
}

/** Of a video without any other hint: 10 frames a second. */
const DEFAULT_FRAME_SECONDS = 0.1;
/** How much is kept in memory before it is written. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Puts the segments of a recording into one file, one after another. It copies the encoded frames. A segment whose
 * codec or size differs from the one before begins another file. A segment that was cut off is used up to its end.
 * Runs in a thread of `JoinThreads`.
 */
export default async function joinSegments(task: JoinTask): Promise<Joined> {
  const files: JoinedFile[] = [];
  const segments: JoinedSegment[] = [];
  let writer: PartWriter | null = null;
  try {
    for (const { id, slices } of task.segments) {
      const source = slices > 0 ? await openSegment(task, id, slices) : null;
      if (source === null) {
        segments.push({ id, part: null, startMs: 0, durationMs: 0 });
        continue;
      }
      try {
        if (writer && writer.kind !== source.kind) {
          files.push(await writer.finish());
          writer = null;
        }
        writer ??= await PartWriter.open(task, files.length + 1, source);
        const startMs = Math.round(writer.seconds * 1000);
        await writer.append(source);
        const durationMs = Math.round(writer.seconds * 1000) - startMs;
        segments.push({ id, part: files.length + 1, startMs, durationMs });
      } finally {
        source.input.dispose();
      }
    }
    if (writer) files.push(await writer.finish());
    writer = null;
  } finally {
    writer?.drop();
  }
  return { files, segments };
}

interface Track<T, C, D> {
  readonly track: T;
  readonly codec: C;
  readonly config: D;
}

interface SegmentSource {
  readonly input: Input;
  readonly video: Track<InputVideoTrack, VideoCodec, VideoDecoderConfig>;
  readonly audio: Track<InputAudioTrack, AudioCodec, AudioDecoderConfig> | null;
  /** Two segments of one kind fit into one file. */
  readonly kind: string;
}

/** Null for a segment without a picture that can be played. */
async function openSegment(
  { folder, key }: JoinTask,
  id: string,
  slices: number,
): Promise<SegmentSource | null> {
  const reader = new SegmentReader(join(folder, `${id}.segment`), key, id, slices);
  const input = new Input({
    formats: [WEBM, MATROSKA, MP4],
    source: new CustomSource({
      getSize: () => reader.size,
      read: (start, end) => reader.read(start, end),
      dispose: () => reader.close(),
      prefetchProfile: 'fileSystem',
    }),
  });
  try {
    const video = await input.getPrimaryVideoTrack();
    const codec = await video?.getCodec();
    const config = await video?.getDecoderConfig();
    const first = video && (await new EncodedPacketSink(video).getFirstKeyPacket());
    if (!video || !codec || !config || !first) {
      input.dispose();
      return null;
    }
    const audio = await openAudio(input);
    const kind = JSON.stringify([
      codec,
      shape(config),
      audio && [audio.codec, shape(audio.config)],
    ]);
    return { input, video: { track: video, codec, config }, audio, kind };
  } catch (error) {
    input.dispose();
    // A file that was changed on the disk is another matter than one that a browser wrote badly.
    if (error instanceof Error && error.message.includes('authenticate data')) throw error;
    return null;
  }
}

async function openAudio(input: Input): Promise<SegmentSource['audio']> {
  const track = await input.getPrimaryAudioTrack();
  const codec = await track?.getCodec();
  const config = await track?.getDecoderConfig();
  if (!track || !codec || !config) return null;
  return (await new EncodedPacketSink(track).getFirstPacket()) ? { track, codec, config } : null;
}

function shape(config: VideoDecoderConfig | AudioDecoderConfig): unknown {
  const { description, ...rest } = config;
  const bytes = description && Buffer.from(description as Uint8Array).toString('base64');
  return { ...rest, description: bytes };
}

/** Writes one file of packets. */
class PartWriter {
  /** How long it is so far. */
  seconds = 0;
  #isFirst = true;

  private constructor(
    readonly kind: string,
    private readonly task: JoinTask,
    private readonly part: number,
    private readonly output: Output,
    private readonly scratch: ScratchFile,
    private readonly video: EncodedVideoPacketSource,
    private readonly audio: EncodedAudioPacketSource | null,
  ) {}

  static async open(task: JoinTask, part: number, source: SegmentSource): Promise<PartWriter> {
    const scratch = new ScratchFile(join(task.folder, `${task.name}-${part}.scratch`));
    const writable = new WritableStream<StreamTargetChunk>({
      write: ({ data, position }) => scratch.write(position, data),
    });
    const { video, audio } = source;
    const output = new Output({
      format:
        video.codec === 'avc' || video.codec === 'hevc'
          ? new Mp4OutputFormat({ fastStart: false })
          : new WebMOutputFormat(),
      target: new StreamTarget(writable, { chunked: true, chunkSize: CHUNK_BYTES }),
    });
    const videoSource = new EncodedVideoPacketSource(video.codec);
    const audioSource = audio && new EncodedAudioPacketSource(audio.codec);
    output.addVideoTrack(videoSource);
    if (audioSource) output.addAudioTrack(audioSource);
    await output.start();
    return new PartWriter(source.kind, task, part, output, scratch, videoSource, audioSource);
  }

  /** Adds a segment behind what is there. */
  async append({ video, audio }: SegmentSource): Promise<void> {
    const pictures = new EncodedPacketSink(video.track);
    const first = await pictures.getFirstKeyPacket();
    if (!first) return;
    const sounds = audio && new EncodedPacketSink(audio.track);
    const firstSound = (await sounds?.getFirstPacket()) ?? null;
    const begin = Math.min(first.timestamp, firstSound?.timestamp ?? first.timestamp);
    const shift = this.seconds - begin;
    const ends = { picture: 0, sound: 0 };
    let gap = DEFAULT_FRAME_SECONDS;
    let lastPicture: number | null = null;
    for await (const { kind, packet } of merged(
      pictures.packets(first),
      firstSound && sounds ? sounds.packets(firstSound) : null,
    )) {
      const moved = packet.clone({ timestamp: packet.timestamp + shift });
      if (kind === 'picture') {
        if (lastPicture !== null) gap = packet.timestamp - lastPicture;
        lastPicture = packet.timestamp;
        await this.video.add(moved, this.#isFirst ? { decoderConfig: video.config } : undefined);
        this.#isFirst = false;
        ends.picture = moved.timestamp + (packet.duration || gap);
      } else {
        await this.audio?.add(moved, audio ? { decoderConfig: audio.config } : undefined);
        ends.sound = moved.timestamp + packet.duration;
      }
    }
    this.seconds = Math.max(ends.picture, ends.sound, this.seconds);
  }

  /** Encrypts the file under its name. */
  async finish(): Promise<JoinedFile> {
    await this.output.finalize();
    const { scratch, part } = this;
    const name = `${this.task.name}-${part}.recording`;
    const hash = createHash('sha256');
    const size = scratch.size;
    const blocks = function* (): Generator<Buffer> {
      for (let at = 0; at < size; at += BLOCK_BYTES) {
        const block = scratch.read(at, BLOCK_BYTES);
        hash.update(block);
        yield block;
      }
    };
    writeSealed({ path: join(this.task.folder, name), key: this.task.key, name, size }, blocks());
    scratch.delete();
    return {
      part,
      name,
      mime: this.output.format instanceof Mp4OutputFormat ? 'video/mp4' : 'video/webm',
      bytes: size,
      sha256: hash.digest('hex'),
      durationMs: Math.round(this.seconds * 1000),
    };
  }

  drop(): void {
    this.scratch.delete();
  }
}

interface Merged {
  readonly kind: 'picture' | 'sound';
  readonly packet: EncodedPacket;
}

type Packets = AsyncGenerator<EncodedPacket, void, unknown>;

/** The packets of both tracks by their time. Ends where the file is cut off. */
async function* merged(pictures: Packets, sounds: Packets | null): AsyncGenerator<Merged> {
  const next = async (packets: Packets | null): Promise<EncodedPacket | null> => {
    const result = await packets?.next();
    return result?.done === false ? result.value : null;
  };
  let [picture, sound] = [await next(pictures), await next(sounds)];
  while (picture || sound) {
    if (picture && (!sound || picture.timestamp <= sound.timestamp)) {
      yield { kind: 'picture', packet: picture };
      picture = await next(pictures);
    } else if (sound) {
      yield { kind: 'sound', packet: sound };
      sound = await next(sounds);
    }
  }
}
