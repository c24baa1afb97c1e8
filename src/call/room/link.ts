import type { CommandBody, CommandType, CommandValues } from '../../protocol/client-messages.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Signaling } from '../../signaling/signaling-client.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';

/** Between two attempts to enter that the server refused. */
const RETRY = 2_000;
/** Refused for good: but a snapshot that explains it may be on its way. */
export const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'forbidden',
  'not-found',
  'conflict',
  'room-full',
]);
const REFUSALS_BELIEVED = 2;

export interface RoomLinkEvents {
  /** In the room, as the server sees it: at first, and again after each reconnect. */
  entered(): void;
  /** Signaling went away; media may well go on. */
  interrupted(): void;
  refused(error: RtcDeskError): void;
}

/**
 * One join's words to the server. After each reconnect it enters again before anything else is said in the
 * room; a command that was cut off is said again then.
 */
export class RoomLink {
  readonly #over = new AbortController();
  readonly #waiting = new Set<() => void>();
  /** Ends with the socket, so that nothing of this room is sent on the next before it was entered there. */
  #socket: AbortController | null = null;
  #entered = false;
  #cancelRetry: (() => void) | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(
    private readonly signaling: Signaling,
    private readonly clock: Clock,
    private readonly room: number,
    private readonly participant: string,
    private readonly events: RoomLinkEvents,
  ) {}

  get entered(): boolean {
    return this.#entered;
  }

  enter(): void {
    if (this.#unsubscribe || this.#over.signal.aborted) return;
    this.#unsubscribe = this.signaling.subscribe(() => this.#follow());
    this.#follow();
  }

  /** Says it when in the room, and until it was answered. Rejects with an RtcDeskError, `conflict` once left. */
  async request<T extends CommandType>(body: CommandBody<T>): Promise<CommandValues[T]> {
    for (;;) {
      await this.#untilEntered();
      const socket = this.#socket;
      if (!socket) throw new RtcDeskError('conflict');
      try {
        return await this.signaling.send(body, { signal: socket.signal });
      } catch (error) {
        if (!socket.signal.aborted) throw asRtcDeskError(error, 'server-error');
        // The socket was lost under it: it goes out again on the next.
      }
    }
  }

  /** `announce`: tells the others at once, where the server does not know it already. Idempotent. */
  leave(announce: boolean): void {
    if (this.#over.signal.aborted) return;
    this.#unsubscribe?.();
    this.#lose();
    this.#over.abort();
    for (const wake of [...this.#waiting]) wake();
    if (!announce || this.signaling.getSnapshot().state !== 'online') return;
    const { room, participant } = this;
    this.signaling
      .send({ type: 'leave-room', room, participant }, { deadline: 5_000 })
      .catch(() => {
        // The server finds out by itself: the socket of this join goes, or belongs to another one.
      });
  }

  #follow(): void {
    const online = this.signaling.getSnapshot().state === 'online';
    if (online === (this.#socket !== null)) return;
    if (!online) {
      const was = this.#entered;
      this.#lose();
      if (was) this.events.interrupted();
      return;
    }
    this.#socket = new AbortController();
    void this.#announce(this.#socket.signal, 1);
  }

  async #announce(socket: AbortSignal, attempt: number): Promise<void> {
    const { room, participant } = this;
    try {
      await this.signaling.send({ type: 'enter-room', room, participant }, { signal: socket });
    } catch (error) {
      if (socket.aborted) return;
      const failure = asRtcDeskError(error, 'server-error');
      if (REFUSALS.has(failure.code) && attempt >= REFUSALS_BELIEVED) {
        this.events.refused(failure);
        return;
      }
      this.#cancelRetry = this.clock.after(RETRY, () => void this.#announce(socket, attempt + 1));
      return;
    }
    if (socket.aborted) return;
    this.#entered = true;
    this.events.entered();
    for (const wake of [...this.#waiting]) wake();
  }

  #lose(): void {
    this.#entered = false;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.abort();
  }

  #untilEntered(): Promise<void> {
    if (this.#entered || this.#over.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }
}
