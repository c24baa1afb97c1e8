import { expect } from '@open-wc/testing';
import type { Tim } from '../../../src/chat/tim/sdk.ts';
import { TimChat } from '../../../src/chat/tim/chat.ts';
import type { ChatMessage, ChatTicket } from '../../../src/protocol/views.ts';
import { FakeClock, settle } from '../../support/fake-clock.ts';
import { fakePlatform } from '../../support/fake-platform.ts';
import { participant, room, ROOM } from '../../support/fake-views.ts';
import { InMemoryChatServer } from '../../support/in-memory-chat-server.ts';
import { TimCloud, type TimStandIn } from '../../support/tim-stand-in.ts';

export const APP = 1_400_000_000;
export const GROUP = String(ROOM);

export const ticketOf = (userSig: string): ChatTicket & { provider: 'tim' } => ({
  ...{ provider: 'tim', sdkAppId: APP, userSig, token: 't' },
});

/** One person's page: their chat, the desk's server, and the page's SDK. */
export class TimPage {
  readonly server: InMemoryChatServer;
  readonly chat: TimChat;
  renewals = 0;
  /** The desk's answer to a request for a fresh signature. */
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
    this.chat = new TimChat(fakePlatform(clock), options, async () => page);
  }

  get texts() {
    return this.chat.getSnapshot().entries.map(({ text }) => text);
  }

  get statuses() {
    return this.chat.getSnapshot().entries.map(({ status }) => status);
  }

  online(ids = ['agent-1', 'visitor-1']): this {
    this.chat.handleParticipants(room(ids).participants);
    this.chat.handleEntered(this.server.entered);
    return this;
  }

  /** The desk delivers messages. */
  receive(...messages: ChatMessage[]): void {
    this.chat.handleMessages(messages);
  }
}

/** The cloud, the desk's messages and everybody's pages, for one test. */
export class TimWorld {
  readonly clock = new FakeClock();
  readonly cloud = new TimCloud();
  readonly record: ChatMessage[] = [];
  /** What was written to the console. */
  readonly warned: unknown[][] = [];
  readonly #pages: TimPage[] = [];
  readonly #warn = console.warn;

  constructor() {
    console.warn = (...what) => this.warned.push(what);
  }

  open(id: string, page = this.cloud.page(), number = ROOM): TimPage {
    const person = new TimPage(id, this, page, number);
    this.#pages.push(person);
    return person;
  }

  /** An agent and a visitor, both in the room and connected to IM. */
  async both(): Promise<{ agent: TimPage; visitor: TimPage }> {
    const agent = this.open('agent-1').online();
    await settle();
    const visitor = this.open('visitor-1').online();
    await settle();
    return { agent, visitor };
  }

  /** The SDK's instance of a person who is signed in. */
  client({ id }: TimPage): TimStandIn {
    return this.cloud.clients.get(id)!;
  }

  /** Everybody leaves. Nothing may run or be signed in after that. */
  async end(): Promise<void> {
    for (const { chat } of this.#pages) chat.close();
    await this.clock.advance(60_000);
    console.warn = this.#warn;
    expect(this.clock.pending).to.equal(0);
    expect(this.cloud.instances.size).to.equal(0);
    expect(this.cloud.clients.size).to.equal(0);
  }
}
