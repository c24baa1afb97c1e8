import type { ErrorCode } from '../../protocol/errors.ts';
import { captureErrorCode, type CaptureKind } from './capture-error.ts';
import type { SourceSnapshot } from '../local-media.ts';

export const idleSource: SourceSnapshot = Object.freeze({
  state: 'idle',
  error: null,
  deviceId: '',
  track: null,
});

/** Failures for want of a device: another try is worth it when a device is plugged in. */
const DEVICE_MISSING: readonly ErrorCode[] = ['no-camera', 'no-microphone', 'device-busy'];

export interface CapturedSourceOptions {
  readonly kind: CaptureKind;
  /** Opens the device with this id: only that one if `exactly`. '' stands for the best one. */
  readonly open: (deviceId: string, exactly: boolean) => Promise<MediaStreamTrack>;
  /** The id of the device that this person chose last; '' for none. */
  readonly chosen: () => string;
  readonly changed: (snapshot: SourceSnapshot) => void;
}

/**
 * One camera or one microphone, with at most one live track. The latest request wins: a device that opens for an
 * earlier request is closed at once.
 */
export class CapturedSource {
  readonly #options: CapturedSourceOptions;
  #snapshot = idleSource;
  /** Counts requests. The answer to an earlier one is stale. */
  #request = 0;
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

  /** The caller asks for the device. It passes the answer with the returned request to `adopt` or `fail`. */
  expect(): number {
    this.#release();
    this.#show({ ...idleSource, state: 'starting' });
    return ++this.#request;
  }

  /** Whether the answer to this request is still wanted. */
  isWaiting(request: number): boolean {
    return request === this.#request;
  }

  /** Takes the track, or stops it if it is no longer wanted. */
  adopt(request: number, track: MediaStreamTrack): void {
    if (request !== this.#request) return track.stop();
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
  }

  fail(request: number, error: unknown): void {
    if (request !== this.#request) return;
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
      this.#request += 1;
      this.#release();
      this.#show({ ...this.#snapshot, state: 'off', error: null, track: null });
    } else if (track) {
      track.enabled = false;
      this.#show({ ...this.#snapshot, state: 'off' });
    } else if (this.#snapshot.state === 'idle') {
      this.#show({ ...idleSource, state: 'off' });
    }
  }

  /** Changes to another device. If that one does not work, any other is opened. */
  async use(deviceId: string): Promise<void> {
    if (this.#options.kind === 'camera' && !this.#wanted) {
      this.#show({ ...this.#snapshot, deviceId });
      return;
    }
    await this.#open(deviceId, true);
  }

  /** Devices were plugged in or out: a source that failed for want of one tries again. */
  async handleDevices(available: boolean): Promise<void> {
    const { state, error } = this.#snapshot;
    if (state !== 'failed' || !error || !available || !DEVICE_MISSING.includes(error)) return;
    await this.#open(this.#options.chosen(), false);
  }

  /** The page is visible again. iOS leaves a track silent that a phone call interrupted. */
  async handleVisible(): Promise<void> {
    if (this.#wanted && this.#snapshot.track?.muted) {
      await this.#open(this.#snapshot.deviceId, false);
    }
  }

  stop(): void {
    this.#request += 1;
    this.#wanted = true;
    this.#release();
    this.#show(idleSource);
  }

  async #open(deviceId: string, exactly: boolean): Promise<void> {
    // The old track is stopped first: phones open one camera at a time, and iOS mutes the older of two microphones.
    const request = this.expect();
    try {
      this.adopt(request, await this.#options.open(deviceId, exactly));
    } catch (error) {
      if (!exactly || request !== this.#request) return this.fail(request, error);
      await this.#open('', false);
    }
  }

  /** The device was plugged out or the permission withdrawn: opens another device, or shows the failure. */
  readonly #handleEnded = (): void => {
    void this.#open('', false);
  };

  /** The system took the device, or gave it back. */
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
