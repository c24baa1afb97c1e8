import type {
  Chat,
  ChatRoom,
  ChatSnapshot,
  EnteredRoom,
  OutgoingMessage,
} from '../../chat/chat.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { CommandValues } from '../../protocol/client-messages.ts';
import type {
  ChatDelivery,
  ChatReadDelivery,
  TypingDelivery,
} from '../../protocol/server-messages.ts';
import type { ChatMessage, Participant, Ticket } from '../../protocol/views.ts';
import type { RoomAdapters } from '../call-parts.ts';
import { chatServer, type ChatServerOptions } from './chat-server.ts';

export interface RoomChatOptions extends Omit<ChatServerOptions, 'room' | 'token'> {
  /** The newest one. */
  readonly ticket: () => Ticket;
  readonly adapters: RoomAdapters;
  readonly renewTicket: () => Promise<CommandValues['renew-ticket']>;
  /** What was written in the session that this one replaces, and not delivered. */
  readonly unsent: readonly OutgoingMessage[];
  readonly onChange: () => void;
}

/**
 * One participant's conversation, over the adapter that the ticket names. Most visitors write nothing. So the adapter of
 * the built-in chat is loaded when the room has a message, or when somebody opens the conversation.
 */
export class RoomChat {
  readonly #options: RoomChatOptions;
  #chat: ChatRoom | null = null;
  #opening: Promise<void> | null = null;
  /** How the server let us in; null while the room cannot be reached. */
  #entered: EnteredRoom | null = null;
  /** Delivered before the adapter was loaded. */
  #early: ChatMessage[] = [];
  #snapshot: ChatSnapshot = { state: 'connecting', entries: [], typing: [], unread: 0 };
  #participants: readonly Participant[] = [];
  #unsent: readonly OutgoingMessage[];

  constructor(options: RoomChatOptions) {
    this.#options = options;
    this.#unsent = options.unsent;
  }

  getSnapshot(): ChatSnapshot {
    return this.#chat?.getSnapshot() ?? this.#snapshot;
  }

  /** Null until the adapter is loaded. */
  get adapter(): ChatRoom | null {
    return this.#chat;
  }

  requireAdapter(): Chat {
    if (!this.#chat) throw new RtcDeskError('offline');
    return this.#chat;
  }

  /** What was written and not delivered; complete after `close`. */
  get unsent(): readonly OutgoingMessage[] {
    return this.#unsent;
  }

  /** Loads the adapter now, where it cannot wait for a message. */
  begin(): void {
    const { role, chat } = this.#options.ticket();
    if (role === 'agent' || chat.provider !== 'desk' || this.#unsent.length > 0) void this.open();
  }

  /** Loads the adapter, once. Never rejects. A load that failed is tried again by the next call. */
  open(): Promise<void> {
    return (this.#opening ??= this.#open());
  }

  async #open(): Promise<void> {
    const { adapters, renewTicket, left, onChange } = this.#options;
    const { participant: id, name, role, room, chat: ticket } = this.#options.ticket();
    const token = () => this.#options.ticket().chat.token;
    try {
      const chat = await adapters.openChat({
        ...{ ticket, room, self: { id, name, role }, unsent: this.#unsent },
        server: chatServer({ ...this.#options, room, token }),
        renewTicket: async () => (await renewTicket()).chat,
      });
      if (left.cancelled) return void chat.close();
      this.#chat = chat;
      chat.subscribe(onChange);
      chat.handleParticipants(this.#participants);
      if (this.#entered) chat.handleEntered(this.#entered);
      if (this.#early.length > 0) chat.handleMessages(this.#early.splice(0));
      onChange();
    } catch {
      // They can still see and hear each other. The conversation is shown as closed.
      this.#opening = null;
      this.#show('closed');
    }
  }

  handleParticipants(participants: readonly Participant[]): void {
    this.#participants = participants;
    this.#chat?.handleParticipants(participants);
  }

  handleEntered(entered: EnteredRoom): void {
    this.#entered = entered;
    if (this.#chat) return this.#chat.handleEntered(entered);
    this.#show('ready');
    if (entered.lastSequence > 0) void this.open();
  }

  handleInterrupted(): void {
    this.#entered = null;
    if (this.#chat) this.#chat.handleInterrupted();
    else this.#show('offline');
  }

  handleDelivery(delivery: ChatDelivery | ChatReadDelivery | TypingDelivery): void {
    if (this.#chat) {
      if (delivery.type === 'chat') this.#chat.handleMessages(delivery.messages);
      else if (delivery.type === 'chat-read') this.#chat.handleReadMarks(delivery.marks);
      else this.#chat.handleTyping(delivery.from);
    } else if (delivery.type === 'chat') {
      this.#early.push(...delivery.messages);
      void this.open();
    }
  }

  #show(state: ChatSnapshot['state']): void {
    this.#snapshot = { ...this.#snapshot, state };
    this.#options.onChange();
  }

  close(): void {
    this.#snapshot = { ...this.#snapshot, state: 'closed' };
    this.#unsent = this.#chat?.close() ?? this.#unsent;
  }
}
