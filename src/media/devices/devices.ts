import { browserPlatform } from '../../platform/browser.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import { Store } from '../../snapshot/store.ts';
import { CapturedSource, idleSource } from './captured-source.ts';
import { requireMediaDevices, type CaptureKind } from './capture-error.ts';
import { readDeviceLists } from './device-list.ts';
import type {
  CameraSide,
  LocalMedia,
  LocalMediaSnapshot,
  MediaAdaptation,
  SourceSnapshot,
} from '../local-media.ts';
import { MicrophoneLevel } from './microphone-level.ts';
import type { ScreenCapture } from './screen-capture.ts';

const CAMERA: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
};
const MICROPHONE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

const { storage } = browserPlatform;
const keyOf = (kind: CaptureKind) => `rtc-desk:${kind}`;

/** The id of the device that this person chose last on this origin; '' if nothing was chosen. */
const chosenDevice = (kind: CaptureKind) => storage.read(keyOf(kind)) ?? '';

/** The browser's camera, microphone and screen. Before `start` it is idle and listens to nothing. */
export class Devices implements LocalMedia {
  readonly #devices: MediaDevices | undefined | null;
  readonly #store = new Store<LocalMediaSnapshot>({
    camera: idleSource,
    microphone: idleSource,
    screen: idleSource,
    cameras: [],
    microphones: [],
    speakers: [],
    level: 0,
  });
  readonly #camera = this.#makeSource('camera');
  readonly #microphone = this.#makeSource('microphone');
  /** Loaded when the screen is shared for the first time. */
  #screen: ScreenCapture | null = null;
  readonly #level = new MicrophoneLevel((level) => this.#store.update({ level }));
  /** Counts the starts and stops of the screen. */
  #screenTurn = 0;
  #starting: Promise<void> | null = null;
  #watching = false;

  /** The side of the camera that is opened where no camera was chosen. */
  #facing: CameraSide;

  /** `devices`: null in a browser or on a page without devices. */
  constructor(
    devices: MediaDevices | null | undefined = navigator.mediaDevices,
    facing: CameraSide = 'user',
  ) {
    this.#devices = devices;
    this.#facing = facing;
  }

  getSnapshot(): Readonly<LocalMediaSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  start(): Promise<void> {
    const starting = (this.#starting ??= this.#start().finally(() => {
      if (this.#starting === starting) this.#starting = null;
    }));
    return starting;
  }

  setCameraOn(on: boolean): Promise<void> {
    return this.#follow(this.#camera.setOn(on));
  }

  setMicrophoneOn(on: boolean): Promise<void> {
    return this.#follow(this.#microphone.setOn(on));
  }

  useCamera(deviceId: string): Promise<void> {
    if (isCameraSide(deviceId)) {
      // The camera of this side is the default for the rest of the call. The next call begins with the site's.
      this.#facing = deviceId;
      storage.remove(keyOf('camera'));
    } else storage.write(keyOf('camera'), deviceId);
    return this.#follow(this.#camera.use(deviceId));
  }

  useMicrophone(deviceId: string): Promise<void> {
    storage.write(keyOf('microphone'), deviceId);
    return this.#follow(this.#microphone.use(deviceId));
  }

  async startScreen(): Promise<void> {
    const turn = ++this.#screenTurn;
    const { ScreenCapture } = await import('./screen-capture.ts').catch((cause: unknown) => {
      throw new RtcDeskError('offline', 'offline', { cause });
    });
    // The screen was stopped while the code was loading.
    if (turn !== this.#screenTurn) return;
    const show = (screen: SourceSnapshot) => this.#store.update({ screen });
    this.#screen ??= new ScreenCapture(this.#devices, show);
    await this.#screen.start();
  }

  stopScreen(): void {
    this.#screenTurn++;
    this.#screen?.stop();
  }

  adapt(change: MediaAdaptation): void {
    this.#store.update(change);
  }

  stop(): void {
    this.#starting = null;
    this.#watching = false;
    this.#devices?.removeEventListener('devicechange', this.#handleDeviceChange);
    document.removeEventListener('visibilitychange', this.#handleVisibility);
    this.#camera.stop();
    this.#microphone.stop();
    this.stopScreen();
    this.#level.stop();
  }

  /** Asks for both at once. If that fails, asks for each alone: one may exist without the other. */
  async #start(): Promise<void> {
    this.#watch();
    const camera = this.#camera.needsStart ? this.#camera.expect() : null;
    const microphone = this.#microphone.needsStart ? this.#microphone.expect() : null;
    if (camera !== null && microphone !== null) {
      try {
        const stream = await this.#ask({
          video: this.#cameraConstraints(chosenDevice('camera'), false),
          audio: this.#microphoneConstraints(chosenDevice('microphone'), false),
        });
        for (const track of stream.getTracks()) {
          if (track.kind === 'video') this.#camera.adopt(camera, track);
          else this.#microphone.adopt(microphone, track);
        }
        return await this.#refreshLists();
      } catch (error) {
        if (isDismissed(error)) {
          // The person closed the browser's question. Asking again would annoy.
          this.#camera.fail(camera, error);
          this.#microphone.fail(microphone, error);
          return;
        }
      }
    }
    if (microphone !== null) await this.#startAlone(this.#microphone, 'microphone', microphone);
    if (camera !== null) await this.#startAlone(this.#camera, 'camera', camera);
    await this.#refreshLists();
  }

  async #startAlone(source: CapturedSource, kind: CaptureKind, request: number): Promise<void> {
    // It was stopped or switched off while the other one was asked for.
    if (!source.isWaiting(request)) return;
    try {
      source.adopt(request, await this.#open(kind, chosenDevice(kind), false));
    } catch (error) {
      source.fail(request, error);
    }
  }

  #makeSource(kind: CaptureKind): CapturedSource {
    return new CapturedSource({
      kind,
      open: (deviceId, exactly) => this.#open(kind, deviceId, exactly),
      chosen: () => chosenDevice(kind),
      changed: (snapshot) => this.#show(kind, snapshot),
    });
  }

  #show(kind: CaptureKind, snapshot: SourceSnapshot): void {
    const before = this.getSnapshot()[kind];
    this.#store.update({ [kind]: snapshot });
    if (kind === 'camera') return this.#showOtherSide(snapshot.track);
    const measured = snapshot.state === 'on' ? snapshot.track : null;
    const measuredBefore = before.state === 'on' ? before.track : null;
    if (measured === measuredBefore) return;
    if (measured) this.#level.start(measured);
    else this.#level.stop();
  }

  /** The last known side counts while the camera is off or opens. Computers' cameras name none. */
  #showOtherSide(track: MediaStreamTrack | null): void {
    const { otherSide: before, cameras } = this.getSnapshot();
    const side = track?.getSettings().facingMode;
    let otherSide = before;
    if (side) otherSide = side === 'environment' ? 'user' : 'environment';
    if (side && cameras.length < 2) otherSide = null;
    if (otherSide !== before) this.#store.update({ otherSide });
  }

  async #open(kind: CaptureKind, deviceId: string, exactly: boolean): Promise<MediaStreamTrack> {
    const stream = await this.#ask(
      kind === 'camera'
        ? { video: this.#cameraConstraints(deviceId, exactly) }
        : { audio: this.#microphoneConstraints(deviceId, exactly) },
    );
    return stream.getTracks()[0]!;
  }

  async #ask(constraints: MediaStreamConstraints): Promise<MediaStream> {
    return requireMediaDevices(this.#devices).getUserMedia(constraints);
  }

  #cameraConstraints(deviceId: string, exactly: boolean): MediaTrackConstraints {
    const wanted = deviceId || this.#facing;
    const key = isCameraSide(wanted) ? 'facingMode' : 'deviceId';
    return {
      ...(this.getSnapshot().capture ?? CAMERA),
      [key]: exactly ? { exact: wanted } : { ideal: wanted },
    };
  }

  #microphoneConstraints(deviceId: string, exactly: boolean): MediaTrackConstraints {
    if (!deviceId) return MICROPHONE;
    return { ...MICROPHONE, deviceId: exactly ? { exact: deviceId } : { ideal: deviceId } };
  }

  #watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    this.#devices?.addEventListener('devicechange', this.#handleDeviceChange);
    document.addEventListener('visibilitychange', this.#handleVisibility);
  }

  /** The first permission reveals the names of devices, and which ones are missing. */
  async #follow(change: Promise<void>): Promise<void> {
    this.#watch();
    await change;
    await this.#refreshLists();
  }

  async #refreshLists(): Promise<void> {
    if (!this.#devices || !this.#watching) return;
    try {
      this.#store.update(await readDeviceLists(this.#devices));
      this.#showOtherSide(this.getSnapshot().camera.track);
    } catch {
      // A browser may grant a device and refuse the list. The menus stay as they were.
    }
  }

  readonly #handleDeviceChange = async (): Promise<void> => {
    await this.#refreshLists();
    if (!this.#watching) return;
    const { cameras, microphones } = this.getSnapshot();
    await Promise.all([
      this.#camera.handleDevices(cameras.length > 0),
      this.#microphone.handleDevices(microphones.length > 0),
    ]);
  };

  readonly #handleVisibility = (): void => {
    if (document.visibilityState !== 'visible') return;
    void this.#microphone.handleVisible();
    void this.#camera.handleVisible();
  };
}

const isCameraSide = (deviceId: string): deviceId is CameraSide =>
  deviceId === 'user' || deviceId === 'environment';

/** Chromium's text for a question that was closed without an answer. */
function isDismissed(error: unknown): boolean {
  return error instanceof DOMException && /dismissed/i.test(error.message);
}
