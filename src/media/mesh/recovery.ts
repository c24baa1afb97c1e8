import type { Clock } from '../../platform/clock.ts';

/** Chromium reports `failed` after 30 s or more. A person gives a call up after three. */
const FIRST_RESTART_MS = 2_500;
/** From the first restart of ICE to the next one. It doubles each time. */
const NEXT_RESTART_MS = 2_500;
/** After this time without a connection, a new RTCPeerConnection is made. It doubles up to the longest. */
const FIRST_REBUILD_MS = 10_000;
const LONGEST_REBUILD_MS = 40_000;

export interface RecoveryActions {
  readonly restart: () => void;
  readonly rebuild: () => void;
}

/**
 * Decides when to repair one link. ICE is restarted 2.5 s after the connection broke, and again after growing times.
 * After 10 s without a connection a new one is made. The same holds for a link that never connected.
 */
export class MeshRecovery {
  #cancelRestart: (() => void) | null = null;
  #cancelRebuild: (() => void) | null = null;
  #restartAfter = NEXT_RESTART_MS;
  #rebuildAfter = FIRST_REBUILD_MS;
  #broken = false;
  /** The state is reported with every change of the connection. Only a new one counts. */
  #last: RTCPeerConnectionState | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly actions: RecoveryActions,
  ) {}

  /** A new connection has begun. */
  handleStart(): void {
    this.stop();
    this.#last = null;
    this.#planRebuild();
  }

  handleState(state: RTCPeerConnectionState): void {
    if (state === this.#last) return;
    this.#last = state;
    if (state === 'connected') {
      this.stop();
      this.#rebuildAfter = FIRST_REBUILD_MS;
    } else if (state === 'disconnected' && !this.#broken) {
      this.#handleBroken(FIRST_RESTART_MS);
    } else if (state === 'failed') {
      this.#handleBroken(0);
    }
  }

  stop(): void {
    this.#cancelRestart?.();
    this.#cancelRebuild?.();
    this.#cancelRestart = null;
    this.#cancelRebuild = null;
    this.#broken = false;
  }

  #handleBroken(restartAfter: number): void {
    if (!this.#broken) {
      this.#broken = true;
      this.#restartAfter = NEXT_RESTART_MS;
      if (!this.#cancelRebuild) this.#planRebuild();
    }
    if (restartAfter > 0) this.#planRestart(restartAfter);
    else this.#restart();
  }

  #planRestart(after: number): void {
    this.#cancelRestart?.();
    this.#cancelRestart = this.clock.after(after, () => this.#restart());
  }

  #restart(): void {
    this.#planRestart(this.#restartAfter);
    this.#restartAfter *= 2;
    this.actions.restart();
  }

  #planRebuild(): void {
    this.#cancelRebuild?.();
    this.#cancelRebuild = this.clock.after(this.#rebuildAfter, () => {
      this.stop();
      this.#rebuildAfter = Math.min(LONGEST_REBUILD_MS, this.#rebuildAfter * 2);
      this.actions.rebuild();
    });
  }
}
