import type { ErrorCode } from '../protocol/errors.ts';
import type { ChatImage, ParticipantRole } from '../protocol/views.ts';
import type { Readable } from '../snapshot/store.ts';

/** A message as it is shown. Delivered ones come first, in the room's order; then our pending ones. */
export interface ChatEntry {
  readonly id: string;
  readonly from: string;
  readonly name: string;
  readonly role: ParticipantRole;
  readonly mine: boolean;
  readonly sentAt: number;
  readonly text: string | null;
  /** `local` is the picked file while it is on its way. */
  readonly image: (ChatImage & { readonly local?: Blob }) | null;
  /** `seen`: somebody else has read it. */
  readonly status: 'pending' | 'sent' | 'seen' | 'failed';
  /** Set with `failed`. */
  readonly error: ErrorCode | null;
}

export interface ChatSnapshot {
  readonly state: 'connecting' | 'ready' | 'offline' | 'closed';
  readonly entries: readonly ChatEntry[];
  /** Names of those who write at this moment. */
  readonly typing: readonly string[];
  /** Delivered messages of others that this person has not seen. */
  readonly unread: number;
}

/** The conversation of one room, as one person takes part in it. */
export interface Chat extends Readable<ChatSnapshot> {
  /**
   * Shown at once as pending, delivered when it can be. Throws an RtcDeskError for `message-empty` and
   * `message-too-long`; nothing is shown then.
   */
  sendText(text: string): void;
  /** Throws for `image-too-large` and `image-not-supported` where the browser can tell already. */
  sendImage(image: Blob): void;
  /** Sends a failed message again. */
  retry(id: string): void;
  /** Call as the person types; sends at most one notice in 3 s. */
  notifyTyping(): void;
  /** Everything delivered so far has been seen. */
  markRead(): void;
  /** The picture's bytes, to be drawn; rejects with an RtcDeskError. */
  loadImage(id: string): Promise<Blob>;
  /** No more is sent or received; what was said stays readable. Idempotent. */
  close(): void;
}
