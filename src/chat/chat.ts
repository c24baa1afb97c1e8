import type { ErrorCode } from '../protocol/errors.ts';
import type {
  ChatImage,
  ChatMessage,
  ChatTicket,
  ParticipantRole,
  RoomView,
} from '../protocol/views.ts';
import type { Readable } from '../snapshot/store.ts';
import type { OutgoingMessage } from './desk/outbox.ts';

export type { OutgoingMessage } from './desk/outbox.ts';

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
  /** Why the provider's own line is given up, where it has one; the desk goes on without it. */
  readonly error?: ErrorCode | null;
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
}

/** A chat as the call feeds it. An adapter with a cloud of its own takes of this what it needs. */
export interface ChatRoom extends Chat {
  /** New messages from the server; they may come twice, or leave a gap. */
  handleMessages(messages: readonly ChatMessage[]): void;
  /** Somebody writes; `from` is a participant's id. */
  handleTyping(from: string): void;
  /** Who is there, what they have read, and how far the conversation has come. */
  handleRoom(room: RoomView): void;
  /** Whether the room can be reached: we are in it, and signaling lives. */
  handleConnection(online: boolean): void;
  /**
   * No more is sent or received; what was said stays readable. Answers with what was written and not delivered,
   * the first time: another chat of this room may go on with it.
   */
  close(): readonly OutgoingMessage[];
}

/** What a chat asks of the server. Each rejects with an RtcDeskError. */
export interface ChatServer {
  /** Settles when the server has answered, however long the way there is cut. */
  send(message: ChatDraft): Promise<ChatMessage>;
  /** At most 100 messages with a sequence above `after`, in order. */
  history(after: number): Promise<readonly ChatMessage[]>;
  read(sequence: number): Promise<void>;
  typing(): void;
  /** `offline` where it did not get through; it can be tried again. */
  upload(image: Blob): Promise<ChatImage>;
  download(id: string): Promise<Blob>;
}

/** Exactly one of text and imageId. The same messageId again is the same message. */
export interface ChatDraft {
  readonly messageId: string;
  readonly text?: string;
  readonly imageId?: string;
}

export interface ChatRoomOptions<T> {
  readonly ticket: T;
  readonly room: number;
  readonly self: { readonly id: string; readonly name: string; readonly role: ParticipantRole };
  readonly server: ChatServer;
  /** Written in the chat whose place this one takes. */
  readonly unsent?: readonly OutgoingMessage[];
  /** A fresh ticket of this join, where the present one has expired. Rejects with an RtcDeskError. */
  readonly renewTicket: () => Promise<ChatTicket>;
}
