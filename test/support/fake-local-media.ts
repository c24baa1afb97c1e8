import { Store } from '../../src/snapshot/store.ts';
import type {
  LocalMedia,
  LocalMediaSnapshot,
  MediaAdaptation,
  SourceSnapshot,
} from '../../src/media/local-media.ts';
import { RtcDeskError, type ErrorCode } from '../../src/protocol/errors.ts';
import { drawnTrack, silentTrack } from './drawn-track.ts';

type Name = 'camera' | 'microphone' | 'screen';

const IDLE: SourceSnapshot = { state: 'idle', error: null, deviceId: '', track: null };

/** How the fake devices behave. */
export interface FakeLocalMediaOptions {
  /** Makes a source fail with this code whenever it is opened. */
  readonly refuse?: Partial<Record<Name, ErrorCode>>;
  /** `start` waits for this, as for a person's answer to the browser's question. */
  readonly answered?: Promise<void>;
}

/** A LocalMedia with drawn pictures and silence. It needs no permission and no device. */
export class FakeLocalMedia implements LocalMedia {
  readonly #store = new Store<LocalMediaSnapshot>({
    camera: IDLE,
    microphone: IDLE,
    screen: IDLE,
    cameras: [{ deviceId: 'camera-1', label: 'Front camera' }],
    microphones: [{ deviceId: 'microphone-1', label: 'Headset' }],
    speakers: [{ deviceId: 'speaker-1', label: 'Headset' }],
    level: 0,
  });
  readonly #options: FakeLocalMediaOptions;
  #generation = 0;

  constructor(options: FakeLocalMediaOptions = {}) {
    this.#options = options;
  }

  getSnapshot(): Readonly<LocalMediaSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** Changes the snapshot as a person or a device would: a level, other lists, a failure. */
  change(change: Partial<LocalMediaSnapshot>): void {
    this.#store.update(change);
  }

  async start(): Promise<void> {
    const generation = ++this.#generation;
    for (const name of ['camera', 'microphone'] as const) {
      if (this.getSnapshot()[name].state === 'idle')
        this.#set(name, { ...IDLE, state: 'starting' });
    }
    await this.#options.answered;
    if (generation !== this.#generation) return;
    for (const name of ['camera', 'microphone'] as const) {
      if (this.getSnapshot()[name].state === 'starting') this.#open(name, `${name}-1`);
    }
  }

  async setCameraOn(on: boolean): Promise<void> {
    if (on) return this.#open('camera', 'camera-1');
    this.getSnapshot().camera.track?.stop();
    this.#set('camera', { ...this.getSnapshot().camera, state: 'off', track: null });
  }

  async setMicrophoneOn(on: boolean): Promise<void> {
    const { microphone } = this.getSnapshot();
    if (!microphone.track) {
      if (on) this.#open('microphone', 'microphone-1');
      else this.#set('microphone', { ...microphone, state: 'off' });
      return;
    }
    microphone.track.enabled = on;
    this.#set('microphone', { ...microphone, state: on ? 'on' : 'off' });
  }

  async useCamera(deviceId: string): Promise<void> {
    this.#open('camera', deviceId);
  }

  async useMicrophone(deviceId: string): Promise<void> {
    this.#open('microphone', deviceId);
  }

  async startScreen(): Promise<void> {
    this.#open('screen', '');
    const { error } = this.getSnapshot().screen;
    if (error) throw new RtcDeskError(error);
  }

  stopScreen(): void {
    this.getSnapshot().screen.track?.stop();
    this.#set('screen', IDLE);
  }

  adapt(change: MediaAdaptation): void {
    this.#store.update(change);
  }

  stop(): void {
    this.#generation += 1;
    for (const name of ['camera', 'microphone', 'screen'] as const) {
      this.getSnapshot()[name].track?.stop();
      this.#set(name, IDLE);
    }
    this.#store.update({ level: 0 });
  }

  #open(name: Name, deviceId: string): void {
    this.getSnapshot()[name].track?.stop();
    const error = this.#options.refuse?.[name];
    if (error) return this.#set(name, { state: 'failed', error, deviceId: '', track: null });
    const track = name === 'microphone' ? silentTrack() : drawnTrack();
    this.#set(name, { state: 'on', error: null, deviceId, track });
  }

  #set(name: Name, source: SourceSnapshot): void {
    this.#store.update({ [name]: source });
  }
}
