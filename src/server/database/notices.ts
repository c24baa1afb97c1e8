import type { Topic } from './database.ts';

/** PostgreSQL takes NOTIFY payloads under 8,000 bytes. */
const MAX_PAYLOAD_BYTES = 7_800;
/** More topics than this go out as 'everything', which costs all nodes less. */
const MAX_TOPICS = 2_000;

/**
 * What nodes tell each other with NOTIFY. Each notice begins with its type and the sending node:
 *
 *     t <from> <topic>,<topic>,…   topics that changed; `*` for everything
 *     m <from> <to>                messages lie in node_messages for the node `to`
 *     h <from>                     a heartbeat: by its own one a node knows that it still hears notices
 */
export type Notice =
  | {
      readonly type: 'topics';
      readonly from: string;
      readonly topics: ReadonlySet<Topic> | 'everything';
    }
  | { readonly type: 'messages'; readonly from: string; readonly to: string }
  | { readonly type: 'heartbeat'; readonly from: string };

export function encodeTopics(from: string, topics: ReadonlySet<Topic> | 'everything'): string[] {
  const head = `t ${from} `;
  if (topics === 'everything' || topics.size > MAX_TOPICS) return [`${head}*`];
  const payloads: string[] = [];
  let list = '';
  for (const topic of topics) {
    const longer = list === '' ? topic : `${list},${topic}`;
    if (Buffer.byteLength(head) + Buffer.byteLength(longer) > MAX_PAYLOAD_BYTES) {
      payloads.push(head + list);
      list = topic;
    } else {
      list = longer;
    }
  }
  if (list !== '') payloads.push(head + list);
  return payloads;
}

export const encodeMessagesNotice = (from: string, to: string): string => `m ${from} ${to}`;
export const encodeHeartbeat = (from: string): string => `h ${from}`;

/** Null for a notice that another version of the server sent. */
export function readNotice(payload: string): Notice | null {
  const [, type, from, rest] = /^([tmh]) (\S+)(?: (\S+))?$/.exec(payload) ?? [];
  if (from === undefined) return null;
  if (type === 'h' && rest === undefined) return { type: 'heartbeat', from };
  if (rest === undefined) return null;
  if (type === 'm') return { type: 'messages', from, to: rest };
  if (type !== 't') return null;
  const topics = rest === '*' ? 'everything' : new Set(rest.split(',') as Topic[]);
  return { type: 'topics', from, topics };
}
