import { RtcDeskError } from '../../protocol/errors.ts';
import type { Clock } from '../../platform/clock.ts';
import { within } from '../../platform/with-timeout.ts';
import type { VirtualBackground } from '../media.ts';
import { LatestRequest } from './latest-request.ts';
import { TRTC_ASSETS } from './assets.ts';
import type { TrtcClient } from './sdk.ts';
import { requireWebAssembly } from './web-assembly.ts';

/** For the cloud's permission, and for 3 MB of files over a slow line. */
const DEADLINE = 30_000;
const NAME = 'VirtualBackground';
const USUAL_BLUR = 3;
/** The SDK's NEED_TO_BUY: the package was not bought, or nobody could be asked. */
const NEED_TO_BUY = 5401;

type Plugin = Extract<Parameters<TrtcClient['use']>[0], { plugin: unknown }>['plugin'];
export type LoadVirtualBackground = () => Promise<{
  default: Plugin & { isSupported(): boolean };
}>;

const loadPlugin: LoadVirtualBackground = async () => {
  const [plugin] = await Promise.all([
    import('trtc-sdk-v5/plugins/video-effect/virtual-background/virtual-background.esm.js'),
    // What it works with; the SDK would load it by a script tag, which no strict page allows.
    import('trtc-sdk-v5/assets/mediapipe/vision.js'),
  ]);
  return plugin as unknown as Awaited<ReturnType<LoadVirtualBackground>>;
};

/** Whom the cloud is asked about, whether they may. */
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
 * The SDK's plugin for a virtual background, a chunk that is loaded with the first one. Unlike a watermark it belongs to
 * no camera: the SDK keeps it while none is sent, and puts it behind the next one by itself.
 */
export class TrtcVirtualBackground {
  readonly #options: TrtcVirtualBackgroundOptions;
  readonly #wish = new LatestRequest<VirtualBackground | null>((background) =>
    this.#show(background),
  );
  #installed = false;
  #started = false;
  /** It is what others see. */
  #shown = false;
  /** Our camera as the SDK has changed it; null where it is sent as it is. */
  #picture: MediaStreamTrack | null = null;
  /** Of a start that waits for it, or for the news that there will be none. */
  #changed = () => {};
  /** Grows with each wish, and where one is given up: what is still under way for another has nothing to do any more. */
  #turn = 0;
  #error: RtcDeskError | null = null;
  #onLost: VirtualBackground['onLost'];
  /** Why the SDK stopped it, which may be while it starts: then the SDK says all the same that it has. */
  #lost: RtcDeskError | null = null;

  constructor(options: TrtcVirtualBackgroundOptions) {
    this.#options = options;
  }

  /** Our camera as others see it, where that is not as it is captured. */
  get picture(): MediaStreamTrack | null {
    return this.#shown ? this.#picture : null;
  }

  /** The SDK sends another track for our camera: one of its own, or ours again. */
  handlePicture(picture: MediaStreamTrack | null): void {
    this.#picture = picture;
    this.#changed();
  }

  /** Rejects where it is not shown; what was there before, stays. */
  async set(background: VirtualBackground | null): Promise<void> {
    this.#wish.set(background);
    await this.#wish.settled();
    if (this.#error) throw this.#error;
  }

  /** Takes it away, whatever is under way. Never rejects: what does not stop ends with the SDK's instance. */
  async close(): Promise<void> {
    this.#turn++;
    this.#changed();
    await this.set(null).catch(() => undefined);
  }

  /** The room is gone, and it with it. */
  handleRoomLost(error: RtcDeskError): void {
    if (this.#shown) this.#onLost?.(error);
    this.#onLost = undefined;
  }

  /** Never rejects, since the camera goes on without: see `#error`. */
  async #show(background: VirtualBackground | null): Promise<void> {
    this.#error = null;
    this.#onLost = background?.onLost;
    const turn = ++this.#turn;
    try {
      const done = background ? this.#start(background, turn) : this.#stop();
      await within(this.#options.clock, DEADLINE, done, outOfTime);
    } catch (cause) {
      this.#turn++;
      this.#error = asFailure(cause);
    }
  }

  async #start(background: VirtualBackground, turn: number): Promise<void> {
    const { client, account } = this.#options;
    requireWebAssembly();
    await this.#install(background.assets);
    const { image, blur = USUAL_BLUR } = background;
    const what = image
      ? ({ type: 'image', src: image } as const)
      : ({ type: 'blur', blurLevel: blur } as const);
    // The SDK says of no update whether it succeeded; of a picture it would be the only doubt.
    if (image) await loadPicture(image);
    this.#requireTurn(turn);
    if (this.#shown) return await client.updatePlugin(NAME, what);
    // What failed or took too long is to be stopped, too: the SDK would start no other.
    await this.#stop();
    this.#requireTurn(turn);
    this.#started = true;
    this.#lost = this.#picture = null;
    await client.startPlugin(NAME, {
      ...account(),
      ...what,
      onAbort: (error: unknown) => this.#handleAbort(error),
    });
    await this.#isSent(turn);
    this.#shown = true;
  }

  /**
   * The SDK says that it has started also where it has not: it waits for 5 s for the first picture, and then tells
   * nobody. What is sent shows it.
   */
  async #isSent(turn: number): Promise<void> {
    for (;;) {
      this.#requireTurn(turn);
      if (this.#lost) throw this.#lost;
      if (this.#picture || !this.#options.client.getVideoTrack()) return;
      await new Promise<void>((resolve) => (this.#changed = resolve));
    }
  }

  #requireTurn(turn: number): void {
    if (turn !== this.#turn) throw new RtcDeskError('conflict', 'Something else was asked for.');
  }

  async #install(assets: string | null | undefined = this.#options.assets ?? TRTC_ASSETS) {
    if (this.#installed) return;
    if (!assets) throw new Error('A bundle of one’s own has to say where the assets are.');
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

  /** The SDK could not go on, and has stopped the plugin; it may say so more than once. */
  #handleAbort(cause: unknown): void {
    const shown = this.#shown;
    this.#started = this.#shown = false;
    this.#lost = asFailure(cause);
    this.#changed();
    if (shown) this.#onLost?.(this.#lost);
  }
}

const outOfTime = () => new Error('It took too long.');

/** Rejects where the picture cannot be had, or not be read. */
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
