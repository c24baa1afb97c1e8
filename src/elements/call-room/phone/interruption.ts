import type { RoomControl } from '../../../call/room-control.ts';

type Source = 'camera' | 'microphone';
type Devices = Pick<
  RoomControl,
  'getSnapshot' | 'subscribe' | 'useMicrophone' | 'setCameraOn' | 'startAudio'
>;

/**
 * Repairs the devices after a phone call. On iOS an interrupted track may later say that it is live and not muted, and
 * still deliver nothing. So the class remembers an interruption, and opens the device again when the system returns it.
 */
export class InterruptionRepair {
  readonly #room: Devices;
  readonly #watched = new Map<MediaStreamTrack, Source>();
  readonly #interrupted = new Set<MediaStreamTrack>();
  readonly #unsubscribe: () => void;

  constructor(room: Devices) {
    this.#room = room;
    this.#unsubscribe = room.subscribe(() => this.#follow());
    this.#follow();
  }

  stop(): void {
    this.#unsubscribe();
    for (const track of this.#watched.keys()) this.#leave(track);
  }

  #follow(): void {
    const { camera, microphone } = this.#room.getSnapshot().local;
    for (const track of this.#watched.keys()) {
      if (track !== camera.track && track !== microphone.track) this.#leave(track);
    }
    for (const [name, source] of Object.entries({ camera, microphone })) {
      const { track } = source;
      if (!track || this.#watched.has(track)) continue;
      this.#watched.set(track, name as Source);
      track.addEventListener('mute', this.#handleMute);
      track.addEventListener('unmute', this.#handleUnmute);
    }
  }

  #leave(track: MediaStreamTrack): void {
    this.#watched.delete(track);
    this.#interrupted.delete(track);
    track.removeEventListener('mute', this.#handleMute);
    track.removeEventListener('unmute', this.#handleUnmute);
  }

  readonly #handleMute = ({ target }: Event): void => {
    this.#interrupted.add(target as MediaStreamTrack);
  };

  readonly #handleUnmute = ({ target }: Event): void => {
    const track = target as MediaStreamTrack;
    const source = this.#watched.get(track);
    if (!source || !this.#interrupted.delete(track)) return;
    this.#reopen(source, track).catch((error: unknown) => {
      // The room shows what became of the device.
      console.warn('rtc-desk', error);
    });
  };

  async #reopen(source: Source, track: MediaStreamTrack): Promise<void> {
    const room = this.#room;
    // Also wakes the sound of the others, which stops with the interruption.
    const sound = room.startAudio();
    // A device that this person has switched off meanwhile stays off.
    if (source === 'microphone' && track.enabled) {
      await room.useMicrophone(track.getSettings().deviceId ?? '');
    } else if (source === 'camera' && room.getSnapshot().local.camera.track === track) {
      await room.setCameraOn(false);
      await room.setCameraOn(true);
    }
    await sound;
  }
}
