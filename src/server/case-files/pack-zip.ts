import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ZipFile } from 'yazl';

export interface ZipEntry {
  /** A path with `/`. */
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * The same entries always make the same bytes, so that `verifyCaseFile` finds every changed byte by packing them again.
 * Therefore nothing is compressed (zlib's output differs between versions), and each entry has the earliest date of the
 * format, in local time as the format has it.
 */
const OPTIONS = { compress: false, forceDosTimestamp: true, mtime: new Date(1980, 0, 1) };

/** A ZIP of any size, piece by piece. An entry is asked for when the one before has been sent. */
export async function* packZip(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Buffer> {
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  let current: Readable | null = null;
  const add = async (): Promise<void> => {
    for await (const { name, content } of entries) {
      current = Readable.from(content, { objectMode: false });
      zip.addReadStream(current, name, OPTIONS);
      await finished(current);
    }
    zip.end();
  };
  const added = add().catch((error: Error) => void output.destroy(error));
  try {
    for await (const piece of output) yield piece as Buffer;
    await added;
  } finally {
    // Nobody reads any more, or an entry has failed: close its file.
    (current as Readable | null)?.destroy();
  }
}
