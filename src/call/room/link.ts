import type { EnteredRoom } from '../../chat/chat.ts';
import { Cancellation } from '../../platform/cancellation.ts';
import type { Clock } from '../../platform/clock.ts';
import type { CommandBody, CommandType, CommandValues } from '../../protocol/client-messages.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { Signaling } from '../../signaling/signaling.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';

/** Between two attempts to enter after a refusal. */
const RETRY_MS = 2_000;
const LEAVE_TIMEOUT_MS = 5_000;
/** Refusals that are final. The first one is not believed: a snapshot that explains it may be on its way. */
export const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  'forbidden',
  'not-found',
  'conflict',
  'room-full',
]);
const FINAL_ATTEMPT = 2;

export interface RoomLinkEvents {
  /** `enter-room` was sent. What is sent from now on is handled after it. */
  entering(): void;
  /** We are in the room, as the server sees it: at first, and again after each reconnect. */
  entered(entered: EnteredRoom): void;
  /** Signaling is interrupted. Media may go on. */
  interrupted(): void;
  refused(error: RtcDeskError): void;
}

/**
 * One participant's commands in a room. After each reconnect it enters the room again before it sends anything else
 * there, and then sends interrupted commands again.
 */
export class RoomLink {
  readonly #left = new Cancellation();
  readonly #waiting = new Set<() => void>();
  /** Cancelled with the socket, so that no command is sent on the next one before the room is entered there. */
  #socket: Cancellation | null = null;
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
    if (this.#unsubscribe || this.#left.cancelled) return;
    this.#unsubscribe = this.signaling.subscribe(() => this.#follow());
    this.#follow();
  }

  /** Sends a command once we are in the room, until it is answered. Rejects with `conflict` after `leave`. */
  async request<T extends CommandType>(body: CommandBody<T>): Promise<CommandValues[T]> {
    for (;;) {
      await this.untilEntered();
      // It may be lost again by now.
      const socket = this.#socket;
      if (!socket) continue;
      try {
        return await this.signaling.send(body, { cancellation: socket });
      } catch (error) {
        if (!socket.cancelled) throw asRtcDeskError(error, 'server-error');
        // The socket was lost: the command is sent again on the next one.
      }
    }
  }

  /** `announce`: tells the server, which otherwise notices by the closed socket. Idempotent. */
  leave(announce: boolean): void {
    if (this.#left.cancelled) return;
    this.#unsubscribe?.();
    this.#lose();
    this.#left.cancel();
    this.#wake();
    if (!announce || this.signaling.getSnapshot().state !== 'online') return;
    const { room, participant } = this;
    this.signaling
      .send({ type: 'leave-room', room, participant }, { timeoutMs: LEAVE_TIMEOUT_MS })
      .catch(() => {
        // The server notices by itself: the participant's socket closes, or another participant takes it.
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
    this.#socket = new Cancellation();
    void this.#enter(this.#socket, 1);
  }

  async #enter(socket: Cancellation, attempt: number): Promise<void> {
    const { room, participant } = this;
    let entered: EnteredRoom;
    try {
      const command = { type: 'enter-room', room, participant } as const;
      const result = this.signaling.send<'enter-room'>(command, { cancellation: socket });
      this.events.entering();
      entered = await result;
    } catch (error) {
      if (socket.cancelled) return;
      const failure = asRtcDeskError(error, 'server-error');
      if (REFUSALS.has(failure.code) && attempt >= FINAL_ATTEMPT) {
        this.events.refused(failure);
        return;
      }
      this.#cancelRetry = this.clock.after(RETRY_MS, () => void this.#enter(socket, attempt + 1));
      return;
    }
    if (socket.cancelled) return;
    this.#entered = true;
    this.events.entered(entered);
    this.#wake();
  }

  #lose(): void {
    this.#entered = false;
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    const socket = this.#socket;
    this.#socket = null;
    socket?.cancel();
  }

  /** Resolves when we are in the room. Rejects with `conflict` once it is left. */
  async untilEntered(): Promise<void> {
    if (!this.#entered && !this.#left.cancelled) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    if (this.#left.cancelled) throw new RtcDeskError('conflict');
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}
