import { expect } from '@open-wc/testing';
import type { Tim } from '../../../src/chat/tim/sdk.ts';
import { TimChat } from '../../../src/chat/tim/chat.ts';
import type { ChatMessage, ChatTicket } from '../../../src/protocol/views.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { participant, room, ROOM } from '../../support/fake-views.ts';
import { InMemoryChatServer } from '../../support/in-memory-chat-server.ts';
import { TimCloud, type TimStandIn } from '../../support/tim-stand-in.ts';

export const APP = 1_400_000_000;
export const GROUP = String(ROOM);

export const ticketOf = (userSig: string): ChatTicket & { provider: 'tim' } => ({
  ...{ provider: 'tim', sdkAppId: APP, userSig, token: 't' },
});

/** One person's page: their chat, their way to the desk, and the SDK as this page has it. */
export class TimSeat {
  readonly server: InMemoryChatServer;
  readonly chat: TimChat;
  renewals = 0;
  /** What the desk answers to a wish for a fresh signature. */
  renewal: () => Promise<ChatTicket> = async () => ticketOf(`renewed ${this.id}`);

  constructor(
    readonly id: string,
    { record, clock }: TimWorld,
    page: Tim,
    number: number,
  ) {
    const { name, role } = participant(id);
    this.server = new InMemoryChatServer(id, record);
    const options = {
      ...{ ticket: ticketOf(`sig ${id}`), room: number, self: { id, name, role } },
      ...{ server: this.server, renewTicket: () => (this.renewals++, this.renewal()) },
    };
    this.chat = new TimChat(options, clock, async () => page);
  }

  get texts() {
    return this.chat.getSnapshot().entries.map(({ text }) => text);
  }

  get statuses() {
    return this.chat.getSnapshot().entries.map(({ status }) => status);
  }

  online(ids = ['agent-1', 'visitor-1']): this {
    this.chat.handleRoom(room(ids));
    this.chat.handleConnection(true);
    return this;
  }

  /** From the desk, which has kept it. */
  receive(...messages: ChatMessage[]): void {
    this.chat.handleMessages(messages);
  }
}

/** A cloud, a desk's record and everybody's pages, for one test. */
export class TimWorld {
  readonly clock = new FakeClock();
  readonly cloud = new TimCloud();
  readonly record: ChatMessage[] = [];
  /** What was said on the console meanwhile. */
  readonly warned: unknown[][] = [];
  readonly #seats: TimSeat[] = [];
  readonly #warn = console.warn;

  constructor() {
    console.warn = (...what) => this.warned.push(what);
  }

  sit(id: string, page = this.cloud.page(), number = ROOM): TimSeat {
    const seat = new TimSeat(id, this, page, number);
    this.#seats.push(seat);
    return seat;
  }

  /** An agent and a visitor, each in the room and on the line. */
  async both(): Promise<{ agent: TimSeat; visitor: TimSeat }> {
    const agent = this.sit('agent-1').online();
    await settle();
    const visitor = this.sit('visitor-1').online();
    await settle();
    return { agent, visitor };
  }

  /** The SDK's instance with which somebody is signed in. */
  client({ id }: TimSeat): TimStandIn {
    return this.cloud.clients.get(id)!;
  }

  /** Everybody leaves; nothing may run or be signed in after that. */
  async end(): Promise<void> {
    for (const { chat } of this.#seats) chat.close();
    await this.clock.advance(60_000);
    console.warn = this.#warn;
    expect(this.clock.pending).to.equal(0);
    expect(this.cloud.instances.size).to.equal(0);
    expect(this.cloud.clients.size).to.equal(0);
  }
}
