import type { Picture } from '../platform/platform.ts';
import type { CommandValues } from '../protocol/client-messages.ts';
import type { ErrorCode } from '../protocol/errors.ts';
import type {
  ChatImage,
  ChatMessage,
  ChatTicket,
  Participant,
  ParticipantRole,
  ReadMark,
} from '../protocol/views.ts';
import type { Readable } from '../snapshot/store.ts';

/** A message as it is shown. Delivered messages come first, in the room's order; then our pending ones. */
export interface ChatEntry {
  readonly id: string;
  /** The sender's participant id. */
  readonly from: string;
  readonly name: string;
  readonly role: ParticipantRole;
  readonly mine: boolean;
  readonly sentAt: number;
  readonly text: string | null;
  /** `local` is the chosen picture, until its message is delivered. */
  readonly image: (ChatImage & { readonly local?: Picture }) | null;
  /** `seen`: somebody else has read it. */
  readonly status: 'pending' | 'sent' | 'seen' | 'failed';
  /** Set with `failed`. */
  readonly error: ErrorCode | null;
}

export interface ChatSnapshot {
  readonly state: 'connecting' | 'ready' | 'offline' | 'closed';
  readonly entries: readonly ChatEntry[];
  /** The names of those who are typing. */
  readonly typing: readonly string[];
  /** How many delivered messages of others this person has not seen. */
  readonly unread: number;
  /** Why the chat gave up its provider's own connection, if it has one. It goes on over the desk. */
  readonly error?: ErrorCode | null;
}

/** The conversation of one room, as one person takes part in it. */
export interface Chat extends Readable<ChatSnapshot> {
  /**
   * Shows the text at once as pending, and delivers it when it can. Throws an RtcDeskError with `message-empty`
   * or `message-too-long`, and then shows nothing.
   */
  sendText(text: string): void;
  /** Throws `image-too-large` or `image-not-supported` if size or type already say so. */
  sendImage(image: Picture): void;
  /** Sends a failed message again. */
  retry(id: string): void;
  /** To be called as the person types. Sends at most one notice in 3 s. */
  notifyTyping(): void;
  /** The person has seen everything delivered so far. */
  markRead(): void;
  /** Rejects with an RtcDeskError. */
  loadImage(id: string): Promise<Picture>;
}

/** What the server answers when it lets us into the room. */
export type EnteredRoom = CommandValues['enter-room'];

/** A message that the server has not acknowledged. Exactly one of text and picture is set. */
export interface OutgoingMessage {
  readonly id: string;
  readonly sentAt: number;
  readonly text: string | null;
  readonly picture: Picture | null;
  readonly error: ErrorCode | null;
}

/** A chat as the call feeds it. An adapter with its own cloud uses what it needs of this. */
export interface ChatRoom extends Chat {
  /** New messages from the server. They may come twice or leave a gap. */
  handleMessages(messages: readonly ChatMessage[]): void;
  handleReadMarks(marks: readonly ReadMark[]): void;
  /** `from` is a participant's id. */
  handleTyping(from: string): void;
  handleParticipants(participants: readonly Participant[]): void;
  /** We are in the room, as the server sees it: at first, and again after each reconnect. */
  handleEntered(entered: EnteredRoom): void;
  /** The room cannot be reached until `handleEntered` is called again. */
  handleInterrupted(): void;
  /**
   * Sends and receives nothing more; the conversation stays readable. The first call returns what was written and
   * not delivered: another chat of this room may send it.
   */
  close(): readonly OutgoingMessage[];
}

/** What a chat asks of the server. Each call rejects with an RtcDeskError. */
export interface ChatServer {
  /** Waits until we are in the room, and settles when the server has answered, also after interruptions. */
  send(message: ChatDraft): Promise<ChatMessage>;
  /** The messages with a sequence above `after`, in order, at most 100. */
  history(after: number): Promise<readonly ChatMessage[]>;
  read(sequence: number): Promise<void>;
  typing(): void;
  /** Waits until we are in the room. Tries an interrupted upload again, and rejects with `offline` in the end. */
  upload(image: Picture): Promise<ChatImage>;
  download(id: string): Promise<Picture>;
}

/** Exactly one of text and imageId is set. The same messageId again is the same message. */
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
  /** What was written in the chat that this one replaces. */
  readonly unsent?: readonly OutgoingMessage[];
  /** A fresh ticket for the same participant, if the present one has expired. Rejects with an RtcDeskError. */
  readonly renewTicket: () => Promise<ChatTicket>;
}
