import { RtcDeskError } from '../../protocol/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import { withTimeout } from '../../platform/with-timeout.ts';
import type { VirtualBackground } from '../media.ts';
import { LatestRequest } from './latest-request.ts';
import { TRTC_ASSETS } from './assets.ts';
import type { TrtcClient } from './sdk.ts';
import { requireWebAssembly } from './web-assembly.ts';

/** For the cloud's permission and for 3 MB of files over a slow connection. */
const START_TIMEOUT_MS = 30_000;
const NAME = 'VirtualBackground';
const DEFAULT_BLUR = 3;
/** The SDK's NEED_TO_BUY: the package is missing, or the cloud could not be asked. */
const NEED_TO_BUY = 5401;

type Plugin = Extract<Parameters<TrtcClient['use']>[0], { plugin: unknown }>['plugin'];
export type LoadVirtualBackground = () => Promise<{
  default: Plugin & { isSupported(): boolean };
}>;

const loadPlugin: LoadVirtualBackground = async () => {
  const [plugin] = await Promise.all([
    import('trtc-sdk-v5/plugins/video-effect/virtual-background/virtual-background.esm.js'),
    // The plugin needs it. The SDK would load it by a script tag, which a strict page forbids.
    import('trtc-sdk-v5/assets/mediapipe/vision.js'),
  ]);
  return plugin as unknown as Awaited<ReturnType<LoadVirtualBackground>>;
};

/** The user. The cloud checks their permission. */
export interface Account {
  readonly sdkAppId: number;
  readonly userId: string;
  readonly userSig: string;
}

export interface TrtcVirtualBackgroundOptions {
  readonly client: TrtcClient;
  readonly clock: Clock;
  /** The newest one. */
  readonly account: () => Account;
  readonly load?: LoadVirtualBackground | undefined;
  readonly assets?: string | null | undefined;
}

/**
 * The SDK's plugin for a virtual background. Its chunk is loaded with the first background. Unlike a watermark, a
 * background belongs to no camera: the SDK keeps it while none is sent, and applies it to the next one.
 */
export class TrtcVirtualBackground {
  readonly #options: TrtcVirtualBackgroundOptions;
  readonly #request = new LatestRequest<VirtualBackground | null>((background) =>
    this.#show(background),
  );
  #installed = false;
  #started = false;
  /** Others see it. */
  #shown = false;
  /** Our camera as the SDK has changed it; null if it is sent as captured. */
  #picture: MediaStreamTrack | null = null;
  /** Wakes a start that waits for the picture or for a failure. */
  #wake = () => {};
  /** Grows with each request and with each one that is given up. Work for an earlier attempt stops. */
  #attempt = 0;
  #error: RtcDeskError | null = null;
  #onLost: VirtualBackground['onLost'];
  /** Why the SDK stopped it. This may happen while it starts, although the SDK then reports that it has started. */
  #lost: RtcDeskError | null = null;

  constructor(options: TrtcVirtualBackgroundOptions) {
    this.#options = options;
  }

  /** Our camera as others see it, if that differs from the captured picture. */
  get picture(): MediaStreamTrack | null {
    return this.#shown ? this.#picture : null;
  }

  /** The SDK sends another track for our camera: one of its own, or null for ours again. */
  handlePicture(picture: MediaStreamTrack | null): void {
    this.#picture = picture;
    this.#wake();
  }

  /** Rejects if it cannot be shown. The earlier background then stays. */
  async set(background: VirtualBackground | null): Promise<void> {
    this.#request.set(background);
    await this.#request.settled();
    if (this.#error) throw this.#error;
  }

  /** Removes it, also while it starts. Never rejects: the end of the SDK's instance stops the rest. */
  async close(): Promise<void> {
    this.#attempt++;
    this.#wake();
    await this.set(null).catch(() => undefined);
  }

  /** The room is gone, and the background with it. */
  handleRoomLost(error: RtcDeskError): void {
    if (this.#shown) this.#onLost?.(error);
    this.#onLost = undefined;
  }

  /** Never rejects, because the camera goes on without it: see `#error`. */
  async #show(background: VirtualBackground | null): Promise<void> {
    this.#error = null;
    this.#onLost = background?.onLost;
    const attempt = ++this.#attempt;
    try {
      const done = background ? this.#start(background, attempt) : this.#stop();
      await withTimeout(this.#options.clock, START_TIMEOUT_MS, done, timedOut);
    } catch (cause) {
      this.#attempt++;
      this.#error = asFailure(cause);
    }
  }

  async #start(background: VirtualBackground, attempt: number): Promise<void> {
    const { client, account } = this.#options;
    requireWebAssembly();
    await this.#install(background.assets);
    const { image, blur = DEFAULT_BLUR } = background;
    const what = image
      ? ({ type: 'image', src: image } as const)
      : ({ type: 'blur', blurLevel: blur } as const);
    // The SDK does not report whether an update succeeded. Only loading the picture could fail.
    if (image) await loadPicture(image);
    this.#requireTurn(attempt);
    if (this.#shown) return await client.updatePlugin(NAME, what);
    // A start that failed or timed out must be stopped as well. Otherwise the SDK starts no other.
    await this.#stop();
    this.#requireTurn(attempt);
    this.#started = true;
    this.#lost = this.#picture = null;
    await client.startPlugin(NAME, {
      ...account(),
      ...what,
      onAbort: (error: unknown) => this.#handleAbort(error),
    });
    await this.#isSent(attempt);
    this.#shown = true;
  }

  /**
   * Waits until the background is sent. The SDK reports a start also if there is none: it waits 5 s for the first
   * picture, and then reports nothing.
   */
  async #isSent(attempt: number): Promise<void> {
    for (;;) {
      this.#requireTurn(attempt);
      if (this.#lost) throw this.#lost;
      if (this.#picture || !this.#options.client.getVideoTrack()) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  #requireTurn(attempt: number): void {
    if (attempt !== this.#attempt)
      throw new RtcDeskError('conflict', 'Another request replaced this one.');
  }

  async #install(assets: string | null | undefined = this.#options.assets ?? TRTC_ASSETS) {
    if (this.#installed) return;
    if (!assets) throw new Error('This bundle needs the address of the assets.');
    const { load = loadPlugin, client } = this.#options;
    const { default: plugin } = await load();
    if (!plugin.isSupported()) throw new RtcDeskError('unsupported-browser', 'WebGL 2 is missing.');
    client.use({ plugin, assetsPath: assets });
    this.#installed = true;
  }

  async #stop(): Promise<void> {
    if (this.#started) await this.#options.client.stopPlugin(NAME);
    this.#started = this.#shown = false;
  }

  /** The SDK stopped the plugin after a failure. It may report that more than once. */
  #handleAbort(cause: unknown): void {
    const shown = this.#shown;
    this.#started = this.#shown = false;
    this.#lost = asFailure(cause);
    this.#wake();
    if (shown) this.#onLost?.(this.#lost);
  }
}

const timedOut = () => new Error('Timed out.');

/** Rejects if the picture cannot be loaded or read. */
async function loadPicture(address: string): Promise<void> {
  const picture = new Image();
  picture.crossOrigin = 'anonymous';
  picture.src = address;
  await picture.decode();
}

function asFailure(cause: unknown): RtcDeskError {
  if (cause instanceof RtcDeskError) return cause;
  const { code, extraCode } = (cause ?? {}) as { code?: unknown; extraCode?: unknown };
  return code === NEED_TO_BUY || extraCode === NEED_TO_BUY
    ? new RtcDeskError('forbidden', 'TRTC does not allow a virtual background.', { cause })
    : new RtcDeskError('media-failed', 'The background cannot be changed.', { cause });
}
