import { limits } from '../../protocol/limits.ts';
import type { ChatImage } from '../../protocol/views.ts';
import type { Tim, TimMessage } from './sdk.ts';

/** A message as IM delivers it, before the desk has delivered it. */
export interface ChannelMessage {
  /** The sender's id of the message, the same as at the desk. */
  readonly id: string;
  readonly from: string;
  /** ms since 1970 by the cloud's clock, which counts whole seconds. */
  readonly sentAt: number;
  readonly text: string | null;
  readonly image: ChatImage | null;
}

/** A notice beside the conversation. The cloud does not keep it. */
export type ChannelNotice =
  | { readonly notice: 'typing' }
  /** The desk's messages up to this sequence have been seen. */
  | { readonly notice: 'read'; readonly sequence: number };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MAX_SIDE_PIXELS = 65_535;

/** The `cloudCustomData` of our messages. */
export function labelOf(id: string, image?: ChatImage): string {
  return JSON.stringify({ id, ...(image ? { image } : {}) });
}

/** Null if the message is not one of ours: the group's own notices, and messages of other software. */
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
  // Only the desk's copy of the picture is shown, which the desk examined and re-encoded; never another address.
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
  return known && isCount(width, MAX_SIDE_PIXELS) && isCount(height, MAX_SIDE_PIXELS);
}

function isCount(value: unknown, max: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= max;
}

function readJson(text: unknown): Record<string, unknown> {
  if (typeof text !== 'string') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Not JSON: not a message of ours.
    return {};
  }
}
