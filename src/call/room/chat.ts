import type { Chat, ChatRoom, ChatSnapshot, OutgoingMessage } from '../../chat/chat.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { CommandValues } from '../../protocol/client-messages.ts';
import type {
  ChatDelivery,
  ChatReadDelivery,
  TypingDelivery,
} from '../../protocol/server-messages.ts';
import type { Participant, Ticket } from '../../protocol/views.ts';
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

/** One participant's conversation, over the adapter that the ticket names. */
export class RoomChat {
  readonly #options: RoomChatOptions;
  #chat: ChatRoom | null = null;
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

  async open(): Promise<void> {
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
    } catch {
      // They can still see and hear each other. The conversation is shown as closed.
      this.#snapshot = { ...this.#snapshot, state: 'closed' };
      onChange();
    }
  }

  handleParticipants(participants: readonly Participant[]): void {
    this.#participants = participants;
    this.#chat?.handleParticipants(participants);
  }

  handleDelivery(delivery: ChatDelivery | ChatReadDelivery | TypingDelivery): void {
    if (delivery.type === 'chat') this.#chat?.handleMessages(delivery.messages);
    else if (delivery.type === 'chat-read') this.#chat?.handleReadMarks(delivery.marks);
    else this.#chat?.handleTyping(delivery.from);
  }

  close(): void {
    this.#snapshot = { ...this.#snapshot, state: 'closed' };
    this.#unsent = this.#chat?.close() ?? this.#unsent;
  }
}
