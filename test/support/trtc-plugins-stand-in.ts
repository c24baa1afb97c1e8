import type { VirtualBackgroundOptions } from 'trtc-sdk-v5';
import type { TrtcClient } from '../../src/media/trtc/sdk.ts';
import { aborted, sdkError } from './trtc-sdk-error.ts';

const BACKGROUND = 'VirtualBackground';
const TRANSCRIBER = 'RealtimeTranscriber';

/** What a test sets. */
export interface PluginCloud {
  /** Runs while a plugin starts. It may throw or wait. */
  draw: () => void | Promise<void>;
  /** The first picture with a background is late: the SDK reports the start after 5 s without it, see `showBackground`. */
  slow: boolean;
  /** Whether the account may use the virtual background. */
  bought: boolean;
  /** The cloud's own code with which it refuses a transcription; 0: it begins one. */
  transcriptionRefused: number;
}

interface Camera {
  /** The camera's track, while it is sent. */
  readonly camera: () => MediaStreamTrack | null;
  /** The SDK sends `track` instead of the camera's own. */
  readonly send: (track: MediaStreamTrack, camera: MediaStreamTrack) => void;
}

/** The plugins of one instance of the SDK, with the rules of both. */
export class TrtcPluginsStandIn {
  /** The address of each plugin's files, by name. */
  readonly installed = new Map<string, string | undefined>();
  /** The running plugins, with their options. */
  readonly started = new Map<string, unknown>();
  readonly #cloud: PluginCloud;
  readonly #camera: Camera;
  /** The camera with its virtual background. */
  #processed: MediaStreamTrack | null = null;

  constructor(cloud: PluginCloud, camera: Camera) {
    this.#cloud = cloud;
    this.#camera = camera;
  }

  install(plugin: Parameters<TrtcClient['use']>[0]): void {
    const [use, assets] =
      'plugin' in plugin ? [plugin.plugin, plugin.assetsPath] : [plugin, undefined];
    // The real plugin is minified. The SDK knows it by this property.
    this.installed.set((use as { Name?: string }).Name ?? use.name, assets);
  }

  /** A failed start counts as started: it must be stopped before the next start. */
  async start(name: string, options: unknown): Promise<void> {
    if (!this.installed.has(name)) throw sdkError(5000);
    if (this.started.has(name)) throw aborted();
    if (name === TRANSCRIBER) return await this.#transcribe(options);
    if (name === BACKGROUND) this.#check(options as VirtualBackgroundOptions);
    else if (!this.#camera.camera()) throw sdkError(5100, 5105);
    this.started.set(name, options);
    if (name === BACKGROUND && !this.#cloud.bought) throw sdkError(5401);
    await this.#cloud.draw();
    if (name === BACKGROUND && !this.#cloud.slow) this.showBackground();
  }

  /** Unlike the others, it counts as started only if the cloud has begun. */
  async #transcribe(options: unknown): Promise<void> {
    await this.#cloud.draw();
    if (this.#cloud.transcriptionRefused) throw sdkError(5400, this.#cloud.transcriptionRefused);
    this.started.set(TRANSCRIBER, options);
  }

  update(name: string, options: unknown): void {
    if (!this.started.has(name)) throw aborted();
    const now = { ...(this.started.get(name) as object), ...(options as object) };
    this.#check(now as VirtualBackgroundOptions);
    this.started.set(name, now);
  }

  stop(name: string): void {
    if (!this.installed.has(name)) throw sdkError(5000);
    this.started.delete(name);
    if (name === BACKGROUND) this.hideBackground();
  }

  /** A plugin cannot go on: the SDK stops it, then reports the reason. */
  abort(name: string, error: unknown): void {
    const { onAbort } = this.started.get(name) as VirtualBackgroundOptions;
    this.started.delete(name);
    this.hideBackground();
    onAbort?.(error);
  }

  /** The camera with its background has its first picture. From now on it is sent. */
  showBackground(): void {
    const camera = this.#camera.camera();
    if (!camera || !this.started.has(BACKGROUND)) return;
    this.#processed ??= camera.clone();
    this.#camera.send(this.#processed, camera);
  }

  hideBackground(): void {
    this.#processed?.stop();
    const camera = this.#processed && this.#camera.camera();
    this.#processed = null;
    if (camera) this.#camera.send(camera, camera);
  }

  #check(options: VirtualBackgroundOptions): void {
    const { sdkAppId, userId, userSig, type, src, blurLevel = 3 } = options;
    if (!this.installed.get(BACKGROUND)) throw sdkError(5000);
    if (!sdkAppId || !userId || !userSig) throw sdkError(5000, 5001);
    if (type === 'image' && !src) throw sdkError(5000, 5001);
    if (blurLevel < 1 || blurLevel > 10) throw sdkError(5000, 5005);
  }
}
