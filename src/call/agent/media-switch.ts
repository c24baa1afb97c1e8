import type { LocalMedia, LocalMediaSnapshot, SourceSnapshot } from '../../media/local-media.ts';

const OFF: SourceSnapshot = Object.freeze({ state: 'off', error: null, deviceId: '', track: null });

/**
 * Shares one LocalMedia among the rooms of a desk: the devices are captured once and sent to one room. Every other
 * room sees sources that are off.
 */
export class MediaSwitch {
  readonly #listeners = new Set<() => void>();
  #room: number | null = null;

  constructor(private readonly local: LocalMedia) {}

  /** The room that gets the media. */
  get room(): number | null {
    return this.#room;
  }

  select(room: number | null): void {
    if (room === this.#room) return;
    this.#room = room;
    for (const listener of [...this.#listeners]) listener();
  }

  /** The devices as one room sees them. */
  outputTo(room: number): LocalMedia {
    const { local } = this;
    let seen: LocalMediaSnapshot | null = null;
    let muted: LocalMediaSnapshot | null = null;
    return {
      getSnapshot: () => {
        const snapshot = local.getSnapshot();
        if (room === this.#room) return snapshot;
        if (!muted || seen !== snapshot) {
          seen = snapshot;
          muted = Object.freeze({
            ...snapshot,
            camera: OFF,
            microphone: OFF,
            screen: OFF,
            level: 0,
          });
        }
        return muted;
      },
      subscribe: (listener) => {
        const unsubscribe = local.subscribe(listener);
        this.#listeners.add(listener);
        return () => {
          unsubscribe();
          this.#listeners.delete(listener);
        };
      },
      start: () => local.start(),
      setCameraOn: (on) => local.setCameraOn(on),
      setMicrophoneOn: (on) => local.setMicrophoneOn(on),
      adapt: (change) => local.adapt(change),
      useCamera: (deviceId) => local.useCamera(deviceId),
      useMicrophone: (deviceId) => local.useMicrophone(deviceId),
      startScreen: () => local.startScreen(),
      stopScreen: () => local.stopScreen(),
      stop: () => local.stop(),
    };
  }
}
