import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { ChatImage, ParticipantRole } from '../../protocol/views.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Tim, TimMessage } from './sdk.ts';
import { asTimError, isRefusal } from './error.ts';
import { readMessage, readNotice, type ChannelMessage, type ChannelNotice } from './message.ts';
import { TimSession, type TimTicket } from './session.ts';
import { takeTurn } from './turns.ts';

export interface TimChannelOptions {
  readonly ticket: TimTicket;
  readonly room: number;
  readonly self: { readonly id: string; readonly role: ParticipantRole };
  readonly clock: Clock;
  readonly load: () => Promise<Tim>;
  /** A ticket whose signature is fresh. */
  readonly renewTicket: () => Promise<TimTicket>;
}

export interface TimChannelEvents {
  /** `ready` or `error` may be another. */
  changed(): void;
  message(message: ChannelMessage): void;
  notice(from: string, notice: ChannelNotice): void;
}

/** In ms: the first pause before it tries again, doubled each time, and the longest. */
const PAUSE = 2_000;
const LONGEST_PAUSE = 30_000;
/** In a row: a network that blocks the cloud does not change its mind. */
const ATTEMPTS = 6;
/** What another attempt would not change. */
const FINAL: ReadonlySet<ErrorCode> = new Set(['signed-in-elsewhere', 'forbidden', 'unauthorized']);

const CLOSED = () => new RtcDeskError('conflict', 'the conversation is over');

/**
 * A room's line through Tencent IM, held for as long as it can be: where it breaks it is made anew, with a
 * fresh signature where the old one has expired. What it does not carry, the desk does.
 */
export class TimChannel {
  readonly #options: TimChannelOptions;
  readonly #events: TimChannelEvents;
  #ticket: TimTicket;
  #session: TimSession | null = null;
  #error: RtcDeskError | null = null;
  #attempts = 0;
  #renewed = false;
  #running = false;
  #closed = false;
  /** Ends what is being waited for: the end of a session, or of a pause. */
  #wake: () => void = () => {};
  /** The last text on its way: they are sent one after the other. */
  #sending: Promise<unknown> = Promise.resolve();

  constructor(options: TimChannelOptions, events: TimChannelEvents) {
    this.#options = options;
    this.#events = events;
    this.#ticket = options.ticket;
  }

  /** Whether what is sent now goes this way. */
  get ready(): boolean {
    return this.#session?.ready ?? false;
  }

  /** Why it is not tried any more; null while it is there, or may yet be. */
  get error(): RtcDeskError | null {
    return this.#error;
  }

  /** Resolves when it has ended. */
  async open(): Promise<void> {
    if (this.#running || this.#closed) return;
    this.#running = true;
    while (!this.#closed) {
      const failure = await this.#live();
      if (this.#closed || !(await this.#goOn(failure))) break;
    }
    this.#running = false;
  }

  /** The network came back, or is another one: worth an attempt at once. */
  handleNetwork(): void {
    this.#attempts = 0;
    if (this.#error && !FINAL.has(this.#error.code)) {
      this.#error = null;
      void this.open();
    } else if (!this.#session) {
      this.#wake();
    }
  }

  /** Rejects with an RtcDeskError where the message was refused; where it only did not get through, resolves. */
  sendText(id: string, text: string): Promise<void> {
    const send = (session: TimSession) => session.sendText(id, text);
    const sending = this.#sending.then(() =>
      this.#carry(send, (session, failure) => {
        // Nobody answered a few words: then there is no line, whatever the SDK believes.
        if (failure.code === 'offline') session.lose(failure);
      }),
    );
    // Each waits for the one before, whatever became of that.
    this.#sending = sending.catch(() => {});
    return sending;
  }

  /** As `sendText`. */
  sendPicture(id: string, image: ChatImage, picture: Blob): Promise<void> {
    return this.#carry((session) => session.sendPicture(id, image, picture));
  }

  notify(notice: ChannelNotice): void {
    if (!this.ready) return;
    this.#session!.notify(notice).catch(() => {
      // A mark that the desk brings as well, or that is out of date in a moment.
    });
  }

  /** What is under way is called off. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#wake();
    void this.#session?.close();
  }

  // ---- holding the line ------------------------------------------------------------------------

  /** From the SDK's instance to its end; answers with why it ended. */
  async #live(): Promise<RtcDeskError> {
    let endTurn = () => {};
    try {
      const tim = await this.#options.load();
      endTurn = await takeTurn(tim, this.#ticket.sdkAppId);
      return await this.#hold(tim);
    } catch (error) {
      return asTimError(error);
    } finally {
      const session = this.#session;
      this.#session = null;
      this.#events.changed();
      await session?.close();
      endTurn();
    }
  }

  async #hold(tim: Tim): Promise<RtcDeskError> {
    const { room, self, clock } = this.#options;
    let end: (failure: RtcDeskError) => void = () => {};
    const ended = new Promise<RtcDeskError>((resolve) => (end = resolve));
    if (this.#closed) throw CLOSED();
    const session = new TimSession(
      { tim, ticket: this.#ticket, room, self, clock },
      {
        message: (message) => this.#receive(message, tim),
        changed: () => this.#events.changed(),
        lost: end,
      },
    );
    this.#session = session;
    this.#wake = () => end(CLOSED());
    await session.enter();
    this.#attempts = 0;
    this.#renewed = false;
    this.#events.changed();
    return ended;
  }

  /** Whether it is worth another attempt; answers when it is time for that. */
  async #goOn(reason: RtcDeskError): Promise<boolean> {
    let failure = reason;
    this.#attempts += 1;
    if (failure.code === 'unauthorized' && !this.#renewed) {
      try {
        this.#ticket = await this.#options.renewTicket();
        return (this.#renewed = true);
      } catch (error) {
        failure = asTimError(error);
      }
    }
    if (FINAL.has(failure.code) || this.#attempts >= ATTEMPTS) {
      this.#error = failure;
      console.warn('rtc-desk: the conversation goes on without Tencent IM', failure);
      this.#events.changed();
      return false;
    }
    await this.#pause(Math.min(PAUSE * 2 ** (this.#attempts - 1), LONGEST_PAUSE));
    return true;
  }

  async #pause(ms: number): Promise<void> {
    if (this.#closed) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  async #carry(
    send: (session: TimSession) => Promise<void>,
    failed: (session: TimSession, failure: RtcDeskError) => void = () => {},
  ): Promise<void> {
    const session = this.#session;
    if (!session?.ready) return;
    try {
      await send(session);
    } catch (error) {
      const failure = asTimError(error);
      if (isRefusal(failure)) throw failure;
      failed(session, failure);
    }
  }

  #receive(message: TimMessage, tim: Tim): void {
    const notice = readNotice(message, tim.TYPES);
    if (notice) return this.#events.notice(message.from, notice);
    const said = readMessage(message, tim.TYPES);
    if (said) this.#events.message(said);
  }
}
