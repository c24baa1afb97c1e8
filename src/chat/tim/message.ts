import { limits } from '../../protocol/limits.ts';
import type { ChatImage } from '../../protocol/views.ts';
import type { Tim, TimMessage } from './sdk.ts';

/** A message as it comes over the line, before the desk's record of it is here. */
export interface ChannelMessage {
  /** The sender's id of it, the same as in the record. */
  readonly id: string;
  readonly from: string;
  /** ms since 1970 by the cloud's clock; it counts seconds. */
  readonly sentAt: number;
  readonly text: string | null;
  readonly image: ChatImage | null;
}

/** What is told beside the conversation: not kept by the cloud, and lost where nobody listens. */
export type ChannelNotice =
  | { readonly notice: 'typing' }
  /** Seen up to this sequence of the record. */
  | { readonly notice: 'read'; readonly sequence: number };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MOST_PIXELS = 65_535;

/** What `cloudCustomData` says of a message of ours. */
export function labelOf(id: string, image?: ChatImage): string {
  return JSON.stringify({ id, ...(image ? { image } : {}) });
}

/** Null for what is no message of ours: tips of the group, and what others write into it. */
export function readMessage(message: TimMessage, types: Tim['TYPES']): ChannelMessage | null {
  const label = readJson(message.cloudCustomData);
  const { id, image } = label;
  if (typeof id !== 'string' || !UUID.test(id)) return null;
  const common = { id, from: message.from, sentAt: message.time * 1000 };
  if (message.type === types.MSG_TEXT) {
    const text: unknown = message.payload?.text;
    if (typeof text !== 'string' || text.trim() === '' || text.length > limits.textLength) {
      return null;
    }
    return { ...common, text, image: null };
  }
  // The picture itself is the desk's, looked into and re-encoded, never an address that somebody names.
  if (message.type === types.MSG_IMAGE && isImage(image)) return { ...common, text: null, image };
  return null;
}

export function readNotice(message: TimMessage, types: Tim['TYPES']): ChannelNotice | null {
  if (message.type !== types.MSG_CUSTOM) return null;
  const { notice, sequence } = readJson(message.payload?.data);
  if (notice === 'typing') return { notice };
  if (notice !== 'read' || !isCount(sequence, 2_147_483_647)) return null;
  return { notice, sequence };
}

function isImage(value: unknown): value is ChatImage {
  const { id, width, height } = (value ?? {}) as Record<string, unknown>;
  const known = typeof id === 'string' && UUID.test(id);
  return known && isCount(width, MOST_PIXELS) && isCount(height, MOST_PIXELS);
}

function isCount(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}

function readJson(text: unknown): Record<string, unknown> {
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Somebody else's, in a form of their own.
    return {};
  }
}
