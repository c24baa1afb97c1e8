import type { ErrorCode } from './errors.ts';
import type { ChatMessage, View } from './views.ts';

/** The hello was accepted; a snapshot follows. */
export interface WelcomeMessage {
  readonly type: 'welcome';
  readonly connection: string;
}

/** The whole view. `rev` grows with every snapshot a viewer is sent, over reconnects and nodes too. */
export interface SnapshotMessage<V extends View = View> {
  readonly type: 'snapshot';
  readonly rev: number;
  readonly now: number;
  readonly view: V;
}

/** The answer to the command of the same id. */
export type ResultMessage =
  | { readonly type: 'result'; readonly id: string; readonly ok: true; readonly value: unknown }
  | {
      readonly type: 'result';
      readonly id: string;
      readonly ok: false;
      readonly code: ErrorCode;
      readonly message: string;
      readonly retryAfter?: number;
    };

/**
 * A message that is no command was refused; the socket stays open, unless a close follows. `retryAfter`:
 * seconds after which it may be tried again, here as in a result.
 */
export interface ErrorMessage {
  readonly type: 'error';
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryAfter?: number;
}

/** A media signal from another member of the room, handed on unread. */
export interface SignalDelivery {
  readonly type: 'signal';
  readonly room: number;
  readonly from: string;
  readonly data: unknown;
}

/** New chat messages, in order. A gap before the first means: ask with `chat-history`. */
export interface ChatDelivery {
  readonly type: 'chat';
  readonly room: number;
  readonly messages: readonly ChatMessage[];
}

/** Somebody writes; worth showing for about 5 s. */
export interface TypingDelivery {
  readonly type: 'typing';
  readonly room: number;
  readonly from: string;
}

export interface PongMessage {
  readonly type: 'pong';
}

export type ServerMessage =
  | WelcomeMessage
  | SnapshotMessage
  | ResultMessage
  | ErrorMessage
  | SignalDelivery
  | ChatDelivery
  | TypingDelivery
  | PongMessage;
