import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { createGuestRoom } from '../../call/create-guest-room.ts';
import type { RoomControl } from '../../call/room-control.ts';

/**
 * The room that the element enters by its token. The element leaves it when it is removed from the page, or
 * gets another token; not when it is only moved.
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

  hostConnected(): void {
    addEventListener('pagehide', this.#handlePageHide);
  }

  hostDisconnected(): void {
    removeEventListener('pagehide', this.#handlePageHide);
    queueMicrotask(() => {
      if (!this.#host.isConnected) this.enter(null, '');
    });
  }

  /** The tab closes, or the page changes: the others see it at once. A page out of the browser's cache enters again. */
  readonly #handlePageHide = ({ persisted }: PageTransitionEvent): void => {
    const [server, token] = this.#entered.split(' ');
    this.enter(null, '');
    if (!persisted || !token) return;
    addEventListener(
      'pageshow',
      () => this.#host.isConnected && this.enter(server ?? null, token),
      {
        once: true,
      },
    );
  };

  /** Leaves the earlier room and enters the room of this token; '' only leaves. */
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
      // The same token can be tried again.
      this.#entered = '';
      this.#failed(error);
    }
  }
}
