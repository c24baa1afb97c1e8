import { RtcDeskError } from '../../protocol/errors.ts';
import { idleSource } from './captured-source.ts';
import { captureErrorCode, requireMediaDevices } from './capture-error.ts';
import type { SourceSnapshot } from '../local-media.ts';

/** Text must be readable. It need not move smoothly. */
const CONSTRAINTS: DisplayMediaStreamOptions = {
  video: { frameRate: { ideal: 15, max: 30 } },
  audio: false,
};

/** The screen, window or tab that the person shares. */
export class ScreenCapture {
  #snapshot = idleSource;
  /** Counts requests. The answer to an earlier one is stale. */
  #request = 0;

  constructor(
    private readonly devices: MediaDevices | undefined | null,
    private readonly changed: (snapshot: SourceSnapshot) => void,
  ) {}

  /** Resolves also if the person cancelled. Otherwise rejects with an RtcDeskError. */
  async start(): Promise<void> {
    const devices = requireMediaDevices(this.devices);
    if (!('getDisplayMedia' in devices)) throw new RtcDeskError('unsupported-browser');
    this.#release();
    const request = ++this.#request;
    this.#show({ ...idleSource, state: 'starting' });
    let stream: MediaStream;
    try {
      stream = await devices.getDisplayMedia(CONSTRAINTS);
    } catch (error) {
      if (request === this.#request) this.#show(idleSource);
      if (isCancelled(error)) return;
      const code = captureErrorCode(error, 'screen');
      throw new RtcDeskError(code, code, { cause: error });
    }
    const track = stream.getVideoTracks()[0];
    if (!track || request !== this.#request) {
      for (const each of stream.getTracks()) each.stop();
      return;
    }
    track.contentHint = 'detail';
    track.addEventListener('ended', this.#handleEnded);
    this.#show({ state: 'on', error: null, deviceId: track.getSettings().deviceId ?? '', track });
  }

  stop(): void {
    this.#request += 1;
    this.#release();
    if (this.#snapshot.state !== 'idle') this.#show(idleSource);
  }

  /** The person ended it in the browser's own bar, or closed the window. */
  readonly #handleEnded = (): void => this.stop();

  #release(): void {
    this.#snapshot.track?.removeEventListener('ended', this.#handleEnded);
    this.#snapshot.track?.stop();
  }

  #show(snapshot: SourceSnapshot): void {
    this.#snapshot = Object.freeze(snapshot);
    this.changed(this.#snapshot);
  }
}

/** A closed picker and a refusal have the same name. The messages of Chromium and Safari tell who refused. */
function isCancelled(error: unknown): boolean {
  if (!(error instanceof DOMException)) return false;
  if (error.name === 'AbortError') return true;
  return error.name === 'NotAllowedError' && !/system|policy|gesture/i.test(error.message);
}
