import { RtcDeskError } from '../../protocol/errors.ts';
import { idleSource } from './captured-source.ts';
import { requireMediaDevices } from './capture-error.ts';
import type { SourceSnapshot } from '../local-media.ts';

/** Text has to be readable, not smooth. */
const CONSTRAINTS: DisplayMediaStreamOptions = {
  video: { frameRate: { ideal: 15, max: 30 } },
  audio: false,
};

/** The screen, a window or a tab that a person shows. */
export class ScreenCapture {
  #snapshot = idleSource;
  /** Counts wishes; a picker that answers an older one is stale. */
  #wish = 0;

  constructor(
    private readonly devices: MediaDevices | undefined | null,
    private readonly changed: (snapshot: SourceSnapshot) => void,
  ) {}

  /** Resolves also where the person cancelled; rejects with an RtcDeskError where it cannot be. */
  async start(): Promise<void> {
    const devices = requireMediaDevices(this.devices);
    if (!('getDisplayMedia' in devices)) throw new RtcDeskError('unsupported-browser');
    this.#release();
    const wish = ++this.#wish;
    this.#show({ ...idleSource, state: 'starting' });
    let stream: MediaStream;
    try {
      stream = await devices.getDisplayMedia(CONSTRAINTS);
    } catch (error) {
      if (wish === this.#wish) this.#show(idleSource);
      if (isCancelled(error)) return;
      throw refusal(error);
    }
    const track = stream.getVideoTracks()[0];
    if (!track || wish !== this.#wish) {
      for (const each of stream.getTracks()) each.stop();
      return;
    }
    track.contentHint = 'detail';
    track.addEventListener('ended', this.#handleEnded);
    this.#show({ state: 'on', error: null, deviceId: track.getSettings().deviceId ?? '', track });
  }

  stop(): void {
    this.#wish += 1;
    this.#release();
    if (this.#snapshot.state !== 'idle') this.#show(idleSource);
  }

  /** Ended on the browser's own bar, or the window was closed. */
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

/** A picker that was closed and a refusal share a name; Chromium's and Safari's refusals say who refused. */
function isCancelled(error: unknown): boolean {
  if (!(error instanceof DOMException)) return false;
  if (error.name === 'AbortError') return true;
  return error.name === 'NotAllowedError' && !/system|policy|gesture/i.test(error.message);
}

function refusal(error: unknown): RtcDeskError {
  const name = error instanceof DOMException ? error.name : '';
  const code =
    name === 'NotAllowedError' || name === 'SecurityError'
      ? 'permission-denied'
      : name === 'NotReadableError'
        ? 'device-busy'
        : 'media-failed';
  return new RtcDeskError(code, code, { cause: error });
}
