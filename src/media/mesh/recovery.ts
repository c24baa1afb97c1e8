import type { Clock } from '../../platform/clock.ts';

/** Chromium needs 30 s and more to say `failed`; a person thinks a call dead after three. */
const GRACE = 2_500;
/** From the first restart of ICE to the next; doubles. */
const RESTART = 2_500;
/** Without a connection for so long, the RTCPeerConnection is given up; doubles up to the longest. */
const REBUILD = 10_000;
const LONGEST_REBUILD = 40_000;

export interface RecoveryActions {
  readonly restart: () => void;
  readonly rebuild: () => void;
}

/**
 * Decides when to repair one link: ICE is restarted 2.5 s after it broke and again with growing patience; after
 * 10 s without a connection the whole is built anew. A link that never connected is built anew just so.
 */
export class MeshRecovery {
  #cancelRestart: (() => void) | null = null;
  #cancelRebuild: (() => void) | null = null;
  #restartAfter = RESTART;
  #rebuildAfter = REBUILD;
  #broken = false;
  /** A state is told again with every change of the session; only a new one counts. */
  #last: RTCPeerConnectionState | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly actions: RecoveryActions,
  ) {}

  /** A session began that is to be connected before long. */
  handleStart(): void {
    this.#cancelRestart?.();
    this.#cancelRestart = null;
    this.#broken = false;
    this.#last = null;
    this.#planRebuild();
  }

  handleState(state: RTCPeerConnectionState): void {
    if (state === this.#last) return;
    this.#last = state;
    if (state === 'connected') {
      this.stop();
      this.#rebuildAfter = REBUILD;
    } else if (state === 'disconnected' && !this.#broken) {
      this.#breakAfter(GRACE);
    } else if (state === 'failed') {
      this.#breakAfter(0);
    }
  }

  stop(): void {
    this.#cancelRestart?.();
    this.#cancelRebuild?.();
    this.#cancelRestart = null;
    this.#cancelRebuild = null;
    this.#broken = false;
  }

  #breakAfter(patience: number): void {
    if (!this.#broken) {
      this.#broken = true;
      this.#restartAfter = RESTART;
      if (!this.#cancelRebuild) this.#planRebuild();
    }
    if (patience > 0) this.#planRestart(patience);
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
      this.#rebuildAfter = Math.min(LONGEST_REBUILD, this.#rebuildAfter * 2);
      this.actions.rebuild();
    });
  }
}
