import type { LocalMedia } from '../../media/local-media.ts';
import type { MediaStart, PreparedMedia } from '../../media/media.ts';
import type { CommandValues } from '../../protocol/client-messages.ts';
import type { AgentView, LegView } from '../../protocol/views.ts';
import type { Signaling } from '../../signaling/signaling.ts';
import type { CallParts, PrepareMediaOptions } from '../call-parts.ts';
import { EnteredSignaling } from './entered-signaling.ts';

/**
 * An accept without a first signal costs four further messages. A slow machine handles each in a tenth of a second, and
 * makes the signal in half a second. So an accept waits this long for one.
 */
const MAX_WAIT_MS = 1_000;

interface EnteredRoom {
  readonly number: number;
  /** Set if the accept has entered the room. Otherwise `enter-room` has to follow. */
  readonly signaling?: EnteredSignaling;
  prepared: PreparedMedia | null;
}

/**
 * The media of the offer that rings. They are prepared while it rings. On the built-in media the accept carries their
 * first signal. If the server has let the agent into the room with that, the room begins with them and need not be
 * entered again. At TRTC the cloud's room is entered while the accept is under way.
 */
export class OfferedMedia {
  readonly #parts: CallParts;
  readonly #devicesOf: (room: number) => LocalMedia;
  #prepared: PreparedMedia | null = null;
  #preparing: Promise<void> | null = null;
  /** Counts the offers, so that what is made too late for one is closed. */
  #attempt = 0;
  #entered: EnteredRoom | null = null;

  /** `devicesOf`: the devices as a room of the desk sees them. */
  constructor(parts: CallParts, devicesOf: (room: number) => LocalMedia) {
    this.#parts = parts;
    this.#devicesOf = devicesOf;
  }

  /** The leg that rings in this tab, or null. */
  follow(leg: LegView | null): void {
    const iceServers = leg?.iceServers;
    const ticket = leg?.rooms[0]?.ticket;
    if (iceServers) this.#preparing ??= this.#prepare({ iceServers, local: this.#parts.local });
    else if (ticket) {
      const entry = { ticket, local: this.#devicesOf(ticket.room) };
      this.#preparing ??= this.#prepare({ entry });
    } else this.#stop();
  }

  /** `send` sends the accept with this first signal. Rejects if it does. */
  async accept(
    signaling: Signaling<AgentView>,
    send: (firstSignal: unknown) => Promise<CommandValues['accept-offer']>,
  ): Promise<void> {
    await this.#settlePreparation();
    const prepared = this.#prepared;
    this.#prepared = null;
    const here = new EnteredSignaling(signaling);
    try {
      const accepted = send(prepared?.firstSignal ?? null);
      prepared?.begin?.();
      const { room, entered } = await accepted;
      this.close();
      if (entered) this.#entered = { number: room, signaling: here, prepared };
      else if (prepared?.room === room) this.#entered = { number: room, prepared };
      else prepared?.close();
    } catch (error) {
      prepared?.close();
      throw error;
    }
  }

  /** How a room's session begins, and over which signaling. */
  roomOptions(number: number): { start?: () => MediaStart; signaling?: Signaling<AgentView> } {
    const entered = this.#entered;
    if (entered?.number !== number) return {};
    const start = () => {
      const { prepared } = entered;
      entered.prepared = null;
      return { prepared: Promise.resolve(prepared) };
    };
    return { start, ...(entered.signaling && { signaling: entered.signaling }) };
  }

  /** Closes what no room has taken. */
  close(): void {
    this.#stop();
    this.#entered?.prepared?.close();
    this.#entered = null;
  }

  /** For an agent, or a desk, that accepts as soon as it rings. */
  async #settlePreparation(): Promise<void> {
    if (!this.#preparing || this.#prepared) return;
    const { clock } = this.#parts.platform;
    let cancel = (): void => {};
    const timeout = new Promise<void>((resolve) => (cancel = clock.after(MAX_WAIT_MS, resolve)));
    await Promise.race([this.#preparing, timeout]);
    cancel();
  }

  async #prepare(options: PrepareMediaOptions): Promise<void> {
    const attempt = this.#attempt;
    const prepared = await this.#parts.adapters.prepareMedia(options);
    if (attempt === this.#attempt) this.#prepared = prepared;
    else prepared?.close();
  }

  #stop(): void {
    this.#attempt++;
    this.#preparing = null;
    this.#prepared?.close();
    this.#prepared = null;
  }
}
