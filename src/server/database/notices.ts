import type { Topic } from './database.ts';

/**
 * How notices travel in NOTIFY payloads, which must stay under 8,000 bytes. Both kinds begin with the
 * sender's node, so that a node can leave out its own echo:
 *
 *     t <from> topic,topic,…              or `*` for everything
 *     m <from> <to> <id> <i>/<n> <part>   a message cut into n parts, sent in order in one transaction
 */
const PAYLOAD_BYTES = 7_800;
/** More topics than this at a time are told as 'everything', which is cheaper for all. */
const TOPICS = 2_000;
/** The longest message to a node, in bytes: a frame of the protocol and what is wrapped around it. */
export const MESSAGE_BYTES = 128 * 1024;

export type Notice =
  | {
      readonly kind: 'topics';
      readonly from: string;
      readonly topics: readonly Topic[] | 'everything';
    }
  | {
      readonly kind: 'message';
      readonly from: string;
      readonly to: string;
      readonly payload: string;
    };

export function encodeTopics(from: string, topics: ReadonlySet<Topic> | 'everything'): string[] {
  const head = `t ${from} `;
  if (topics === 'everything' || topics.size > TOPICS) return [`${head}*`];
  const payloads: string[] = [];
  let line = '';
  for (const topic of topics) {
    const longer = line === '' ? topic : `${line},${topic}`;
    if (Buffer.byteLength(head) + Buffer.byteLength(longer) > PAYLOAD_BYTES) {
      payloads.push(head + line);
      line = topic;
    } else {
      line = longer;
    }
  }
  if (line !== '') payloads.push(head + line);
  return payloads;
}

/** Throws a RangeError over `MESSAGE_BYTES`, and for a NUL character, which PostgreSQL's text cannot hold. */
export function encodeMessage(from: string, to: string, id: string, payload: string): string[] {
  const bytes = Buffer.from(payload);
  if (bytes.length > MESSAGE_BYTES) throw new RangeError(`a message of ${bytes.length} bytes`);
  if (payload.includes('\0')) throw new RangeError('a message with a NUL character');
  const room = PAYLOAD_BYTES - Buffer.byteLength(`m ${from} ${to} ${id} 999/999 `);
  const parts: string[] = [];
  for (let start = 0; start < bytes.length || start === 0;) {
    let end = Math.min(start + room, bytes.length);
    // Not inside of a character: 10xxxxxx goes on with what came before.
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
    parts.push(bytes.toString('utf8', start, end));
    if (end === bytes.length) break;
    start = end;
  }
  return parts.map((part, i) => `m ${from} ${to} ${id} ${i + 1}/${parts.length} ${part}`);
}

/** Reads payloads as they arrive, and puts cut messages together again. */
export class NoticeReader {
  readonly #parts = new Map<string, string[]>();

  /** Null while parts are missing, and for what another version of the server may have sent. */
  read(payload: string): Notice | null {
    const topics = /^t (\S+) (.*)$/s.exec(payload);
    if (topics) {
      const [, from = '', list = ''] = topics;
      const named = list === '*' ? 'everything' : (list.split(',') as Topic[]);
      return { kind: 'topics', from, topics: named };
    }
    const part = /^m (\S+) (\S+) (\S+) (\d+)\/(\d+) (.*)$/s.exec(payload);
    if (!part) return null;
    const [, from = '', to = '', id = '', index = '', count = '', text = ''] = part;
    const key = `${from} ${id}`;
    const before = index === '1' ? [] : this.#parts.get(key);
    if (!before) return null;
    before.push(text);
    if (index !== count) {
      this.#parts.set(key, before);
      return null;
    }
    this.#parts.delete(key);
    return { kind: 'message', from, to, payload: before.join('') };
  }

  /** The connection was away: what is half there will not become whole. */
  reset(): void {
    this.#parts.clear();
  }
}
