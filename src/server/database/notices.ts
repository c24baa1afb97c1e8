import type { Topic } from './database.ts';

/**
 * How topics travel in NOTIFY payloads, which must stay under 8,000 bytes; each begins with the sender's
 * node, so that a node can leave out its own echo:
 *
 *     t <from> topic,topic,…              or `*` for everything
 */
const PAYLOAD_BYTES = 7_800;
/** More topics than this at a time are told as 'everything', which is cheaper for all. */
const TOPICS = 2_000;

export interface Notice {
  readonly from: string;
  readonly topics: ReadonlySet<Topic> | 'everything';
}

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

/** Null for what another version of the server may have sent. */
export function readNotice(payload: string): Notice | null {
  const [, from, list] = /^t (\S+) (.*)$/s.exec(payload) ?? [];
  if (from === undefined || list === undefined) return null;
  return { from, topics: list === '*' ? 'everything' : new Set(list.split(',') as Topic[]) };
}
