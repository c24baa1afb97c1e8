import type { ErrorCode } from '../../protocol/errors.ts';
import { captureErrorCode, type CaptureKind } from './capture-error.ts';
import type { SourceSnapshot } from '../local-media.ts';

export const idleSource: SourceSnapshot = Object.freeze({
  state: 'idle',
  error: null,
  deviceId: '',
  track: null,
});

/** What came back when a device was missing or taken; these heal when a device is plugged in. */
const HEALED_BY_A_DEVICE: readonly ErrorCode[] = ['no-camera', 'no-microphone', 'device-busy'];

/** What a source needs of the page around it. */
export interface CapturedSourceOptions {
  readonly kind: CaptureKind;
  /** Opens the device of this id and no other, or where the id is '' the best one. */
  readonly open: (deviceId: string, exactly: boolean) => Promise<MediaStreamTrack>;
  /** The device this person chose last, '' for none. */
  readonly chosen: () => string;
  readonly changed: (snapshot: SourceSnapshot) => void;
}

/**
 * One camera or one microphone, of which at most one track lives. What is asked of it last wins: a device that
 * opens for an earlier wish is closed at once.
 */
export class CapturedSource {
  readonly #options: CapturedSourceOptions;
  #snapshot = idleSource;
  /** Counts wishes; an answer to an older one is stale. */
  #wish = 0;
  /** False while muted or switched off by choice. */
  #wanted = true;

  constructor(options: CapturedSourceOptions) {
    this.#options = options;
  }

  get snapshot(): SourceSnapshot {
    return this.#snapshot;
  }

  /** Whether `start` should ask for the device. */
  get needsStart(): boolean {
    const { state, track } = this.#snapshot;
    if (this.#options.kind === 'microphone' && state === 'off') return !track;
    return state === 'idle' || state === 'failed';
  }

  /** The device is being asked for by somebody else, who brings the answer to `adopt` or `fail`. */
  expect(): number {
    this.#release();
    this.#show({ ...idleSource, state: 'starting' });
    return ++this.#wish;
  }

  /** Whether the answer to this wish still matters. */
  isWaiting(wish: number): boolean {
    return wish === this.#wish;
  }

  /** Takes the track, or stops it where it is not wanted any more. Answers whether it was taken. */
  adopt(wish: number, track: MediaStreamTrack): boolean {
    if (wish !== this.#wish) {
      track.stop();
      return false;
    }
    this.#release();
    track.enabled = this.#wanted;
    track.addEventListener('ended', this.#handleEnded);
    track.addEventListener('mute', this.#handleInterruption);
    track.addEventListener('unmute', this.#handleInterruption);
    this.#show({
      state: this.#wanted && !track.muted ? 'on' : 'off',
      error: null,
      deviceId: track.getSettings().deviceId ?? '',
      track,
    });
    return true;
  }

  fail(wish: number, error: unknown): void {
    if (wish !== this.#wish) return;
    this.#release();
    const code = captureErrorCode(error, this.#options.kind);
    this.#show({ ...idleSource, state: 'failed', error: code });
  }

  async setOn(on: boolean): Promise<void> {
    this.#wanted = on;
    const { track } = this.#snapshot;
    if (on) {
      if (this.#snapshot.state === 'starting') return;
      if (!track || track.muted) return this.#open(this.#options.chosen(), false);
      track.enabled = true;
      this.#show({ ...this.#snapshot, state: 'on' });
    } else if (this.#options.kind === 'camera') {
      this.#wish += 1;
      this.#release();
      this.#show({ ...this.#snapshot, state: 'off', error: null, track: null });
    } else if (track) {
      track.enabled = false;
      this.#show({ ...this.#snapshot, state: 'off' });
    } else if (this.#snapshot.state === 'idle') {
      this.#show({ ...idleSource, state: 'off' });
    }
  }

  /** Changes over to another device; back to any that works where that one does not. */
  async use(deviceId: string): Promise<void> {
    if (this.#options.kind === 'camera' && !this.#wanted) {
      this.#show({ ...this.#snapshot, deviceId });
      return;
    }
    await this.#open(deviceId, true);
  }

  /** Devices came or went: a source that failed for want of one tries again. */
  async handleDevices(available: boolean): Promise<void> {
    const { state, error } = this.#snapshot;
    if (state !== 'failed' || !error || !available || !HEALED_BY_A_DEVICE.includes(error)) return;
    await this.#open(this.#options.chosen(), false);
  }

  /** The page is looked at again. iOS leaves a track silent that a phone call took away. */
  async handleVisible(): Promise<void> {
    if (this.#wanted && this.#snapshot.track?.muted) {
      await this.#open(this.#snapshot.deviceId, false);
    }
  }

  stop(): void {
    this.#wish += 1;
    this.#wanted = true;
    this.#release();
    this.#show(idleSource);
  }

  async #open(deviceId: string, exactly: boolean): Promise<void> {
    // The old one goes first: phones open one camera at a time, and iOS mutes the older of two microphones.
    const wish = this.expect();
    try {
      this.adopt(wish, await this.#options.open(deviceId, exactly));
    } catch (error) {
      if (!exactly || wish !== this.#wish) return this.fail(wish, error);
      await this.#open('', false);
    }
  }

  /** The device was pulled out, or the permission taken back: another device, or what is wrong. */
  readonly #handleEnded = (): void => {
    void this.#open('', false);
  };

  /** The system took the device for itself, or gave it back. */
  readonly #handleInterruption = (): void => {
    const { track } = this.#snapshot;
    if (!track || !this.#wanted) return;
    this.#show({ ...this.#snapshot, state: track.muted ? 'off' : 'on' });
  };

  #release(): void {
    const { track } = this.#snapshot;
    if (!track) return;
    track.removeEventListener('ended', this.#handleEnded);
    track.removeEventListener('mute', this.#handleInterruption);
    track.removeEventListener('unmute', this.#handleInterruption);
    track.stop();
  }

  #show(snapshot: SourceSnapshot): void {
    this.#snapshot = Object.freeze(snapshot);
    this.#options.changed(this.#snapshot);
  }
}
