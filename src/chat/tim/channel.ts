import type { Clock } from '../../platform/clock.ts';
import type { Picture } from '../../platform/platform.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { ChatImage, ParticipantRole } from '../../protocol/views.ts';
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
  /** Gets a ticket with a fresh signature. */
  readonly renewTicket: () => Promise<TimTicket>;
}

export interface TimChannelEvents {
  /** `ready` or `error` may have changed. */
  changed(): void;
  message(message: ChannelMessage): void;
  notice(from: string, notice: ChannelNotice): void;
}

/** The pause before the next attempt. It doubles each time up to the longest. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;
/** In a row. A network that blocks the cloud goes on blocking it. */
const MAX_ATTEMPTS = 6;
/** Another attempt would fail in the same way. */
const FINAL_CODES: ReadonlySet<ErrorCode> = new Set([
  'signed-in-elsewhere',
  'forbidden',
  'unauthorized',
]);

const CLOSED = () => new RtcDeskError('conflict', 'the chat is closed');

/**
 * A room's channel over Tencent IM. It reconnects after a failure, with a fresh signature if the old one has
 * expired. The desk carries what the channel does not.
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
  /** Ends the present wait: for the end of a session, or of a pause. */
  #wake: () => void = () => {};
  /** The last text on its way. Texts are sent one after the other. */
  #sending: Promise<unknown> = Promise.resolve();

  constructor(options: TimChannelOptions, events: TimChannelEvents) {
    this.#options = options;
    this.#events = events;
    this.#ticket = options.ticket;
  }

  /** Whether a message that is sent now goes over the channel. */
  get ready(): boolean {
    return this.#session?.ready ?? false;
  }

  /** Why the channel was given up; null while it is connected or still tries. */
  get error(): RtcDeskError | null {
    return this.#error;
  }

  /** Resolves when the channel is closed or given up. */
  async open(): Promise<void> {
    if (this.#running || this.#closed) return;
    this.#running = true;
    while (!this.#closed) {
      const failure = await this.#runSession();
      if (this.#closed || !(await this.#mayRetry(failure))) break;
    }
    this.#running = false;
  }

  /** The network is back, or is another one: tries again at once. */
  handleNetwork(): void {
    this.#attempts = 0;
    if (this.#error && !FINAL_CODES.has(this.#error.code)) {
      this.#error = null;
      void this.open();
    } else if (!this.#session) {
      this.#wake();
    }
  }

  /** Rejects with an RtcDeskError if IM refused the message. Resolves also if it did not get through. */
  sendText(id: string, text: string): Promise<void> {
    const send = (session: TimSession) => session.sendText(id, text);
    const sending = this.#sending.then(() =>
      this.#send(send, (session, failure) => {
        // No answer to a short text: the connection is dead, although the SDK has not noticed.
        if (failure.code === 'offline') session.lose(failure);
      }),
    );
    this.#sending = sending.catch(() => {
      // The caller gets the error. The next text is sent all the same.
    });
    return sending;
  }

  /** Settles as `sendText` does. */
  sendPicture(id: string, image: ChatImage, picture: Picture): Promise<void> {
    return this.#send((session) => session.sendPicture(id, image, picture));
  }

  notify(notice: ChannelNotice): void {
    if (!this.ready) return;
    this.#session!.notify(notice).catch(() => {
      // The desk carries the same notice, or it is outdated in a moment.
    });
  }

  /** Cancels what is under way. Idempotent. */
  close(): void {
    this.#closed = true;
    this.#wake();
    void this.#session?.close();
  }

  // ---- keeping the channel ---------------------------------------------------------------------

  /** Runs one session to its end. Resolves with the reason of the end. */
  async #runSession(): Promise<RtcDeskError> {
    let endTurn = () => {};
    try {
      const tim = await this.#options.load();
      endTurn = await takeTurn(tim, this.#ticket.sdkAppId);
      return await this.#untilLost(tim);
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

  async #untilLost(tim: Tim): Promise<RtcDeskError> {
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

  /** Waits for the next attempt. Resolves to false if another attempt has no use. */
  async #mayRetry(reason: RtcDeskError): Promise<boolean> {
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
    if (FINAL_CODES.has(failure.code) || this.#attempts >= MAX_ATTEMPTS) {
      this.#error = failure;
      console.warn('rtc-desk: the chat goes on without Tencent IM', failure);
      this.#events.changed();
      return false;
    }
    await this.#pause(Math.min(FIRST_PAUSE_MS * 2 ** (this.#attempts - 1), LONGEST_PAUSE_MS));
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

  async #send(
    send: (session: TimSession) => Promise<void>,
    onFailure: (session: TimSession, failure: RtcDeskError) => void = () => {},
  ): Promise<void> {
    const session = this.#session;
    if (!session?.ready) return;
    try {
      await send(session);
    } catch (error) {
      const failure = asTimError(error);
      if (isRefusal(failure)) throw failure;
      onFailure(session, failure);
    }
  }

  #receive(message: TimMessage, tim: Tim): void {
    const notice = readNotice(message, tim.TYPES);
    if (notice) return this.#events.notice(message.from, notice);
    const received = readMessage(message, tim.TYPES);
    if (received) this.#events.message(received);
  }
}
