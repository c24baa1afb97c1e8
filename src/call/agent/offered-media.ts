import type { MediaStart, PreparedMedia } from '../../media/media.ts';
import type { CommandValues } from '../../protocol/client-messages.ts';
import type { AgentView, LegView } from '../../protocol/views.ts';
import type { Signaling } from '../../signaling/signaling.ts';
import type { CallParts } from '../call-parts.ts';
import { MediaPreparation } from '../room/preparation.ts';
import { EnteredSignaling } from './entered-signaling.ts';

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
  readonly #preparation = new MediaPreparation();
  #entered: EnteredRoom | null = null;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  /** The leg that rings in this tab, or null. */
  follow(leg: LegView | null): void {
    const iceServers = leg?.iceServers;
    if (!iceServers) return this.#preparation.stop();
    const { adapters, local } = this.#parts;
    this.#preparation.start(() => adapters.prepareMedia({ iceServers, inviting: local }));
  }

  /** `send` sends the accept with this first signal. Rejects where it does. */
  async accept(
    signaling: Signaling<AgentView>,
    send: (firstSignal: unknown) => Promise<CommandValues['accept-offer']>,
  ): Promise<void> {
    const prepared = this.#preparation.take();
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
      return { prepared };
    };
    return { start, signaling: entered.signaling };
  }

  /** Closes what no room has taken. */
  close(): void {
    this.#preparation.stop();
    this.#entered?.prepared?.close();
    this.#entered = null;
  }
}
