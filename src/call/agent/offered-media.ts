import type { MediaStart, PreparedMedia } from '../../media/media.ts';
import type { CommandValues } from '../../protocol/client-messages.ts';
import type { AgentView, IceServer, LegView } from '../../protocol/views.ts';
import type { Signaling } from '../../signaling/signaling.ts';
import type { CallParts } from '../call-parts.ts';
import { EnteredSignaling } from './entered-signaling.ts';

/** An accept without a first signal costs four further messages, so that it waits this long for one. */
const MAX_WAIT_MS = 200;

interface EnteredRoom {
  readonly number: number;
  readonly signaling: EnteredSignaling;
  prepared: PreparedMedia | null;
}

/**
 * The media of the offer that rings. They are prepared while it rings, and the accept carries their first signal. Where
 * the server has let the agent into the room with that, the room begins with them and need not be entered again.
 */
export class OfferedMedia {
  readonly #parts: CallParts;
  #prepared: PreparedMedia | null = null;
  #preparing: Promise<void> | null = null;
  /** Counts the offers, so that what is made too late for one is closed. */
  #turn = 0;
  #entered: EnteredRoom | null = null;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  /** The leg that rings in this tab, or null. */
  follow(leg: LegView | null): void {
    const iceServers = leg?.iceServers;
    if (!iceServers) this.#stop();
    else this.#preparing ??= this.#prepare(iceServers);
  }

  /** `send` sends the accept with this first signal. Rejects where it does. */
  async accept(
    signaling: Signaling<AgentView>,
    send: (firstSignal: unknown) => Promise<CommandValues['accept-offer']>,
  ): Promise<void> {
    await this.#settlePreparation();
    const prepared = this.#prepared;
    this.#prepared = null;
    const here = new EnteredSignaling(signaling);
    try {
      const { room, entered } = await send(prepared?.firstSignal ?? null);
      this.close();
      if (entered) this.#entered = { number: room, signaling: here, prepared };
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
    return { start, signaling: entered.signaling };
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

  async #prepare(iceServers: readonly IceServer[]): Promise<void> {
    const turn = this.#turn;
    const { adapters, local } = this.#parts;
    const prepared = await adapters.prepareMedia({ iceServers, inviting: local });
    if (turn === this.#turn) this.#prepared = prepared;
    else prepared?.close();
  }

  #stop(): void {
    this.#turn++;
    this.#preparing = null;
    this.#prepared?.close();
    this.#prepared = null;
  }
}
