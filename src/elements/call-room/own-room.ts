import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { createGuestRoom } from '../../call/create-guest-room.ts';
import type { RoomControl } from '../../call/room-control.ts';

/**
 * A room that the element entered itself, with a token. It is left when the element is taken off the page
 * for good, or gets another token; not when it is only moved.
 */
export class OwnRoom implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #failed: (error: unknown) => void;
  #room: RoomControl | null = null;
  #entered = '';

  constructor(host: ReactiveControllerHost & HTMLElement, failed: (error: unknown) => void) {
    this.#host = host;
    this.#failed = failed;
    host.addController(this);
  }

  get room(): RoomControl | null {
    return this.#room;
  }

  hostDisconnected(): void {
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.enter(null, '');
    });
  }

  /** Enters the room of this token, leaving the one before; '' leaves only. */
  enter(server: string | null, token: string): void {
    const wanted = token ? `${server} ${token}` : '';
    if (wanted === this.#entered) return;
    this.#entered = wanted;
    this.#room?.leave().catch(this.#failed);
    this.#room = null;
    if (!wanted || server === null) return;
    try {
      this.#room = createGuestRoom({ server, token });
      this.#host.requestUpdate();
    } catch (error) {
      // So that the same token can be tried again.
      this.#entered = '';
      this.#failed(error);
    }
  }
}
