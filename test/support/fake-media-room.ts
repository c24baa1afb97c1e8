import type {
  CameraEffects,
  MediaRoom,
  MediaRoomOptions,
  MediaSnapshot,
  PictureSize,
  RemoteMedia,
} from '../../src/media/media.ts';
import { RtcDeskError, type ErrorCode } from '../../src/protocol/errors.ts';
import { Store } from '../../src/snapshot/store.ts';

/** The rooms of this page. People in a room of the same number see each other's tracks. */
const rooms = new Map<number, Map<string, FakeMediaRoom>>();

/** How the fake room behaves. */
export interface FakeMediaRoomOptions {
  /** `enter` rejects with this. */
  readonly refuse?: ErrorCode;
  /** `enter` waits for this. */
  readonly admitted?: Promise<void>;
}

/** The media of somebody with a microphone and, by default, without a camera. */
export function remoteMedia(id: string, change: Partial<RemoteMedia> = {}): RemoteMedia {
  return {
    id,
    state: 'connected',
    camera: null,
    screen: null,
    microphoneOn: true,
    cameraOn: false,
    level: 0,
    quality: 5,
    ...change,
  };
}

/** A MediaRoom within one page: people who are in the roster and in a fake room of this page are connected. */
export class FakeMediaRoom implements MediaRoom {
  readonly calls: string[] = [];
  /** A test sets them if it needs them. */
  effects: CameraEffects | undefined;
  readonly #options: MediaRoomOptions<unknown>;
  readonly #fake: FakeMediaRoomOptions;
  readonly #store = new Store<MediaSnapshot>({
    state: 'idle',
    error: null,
    remotes: [],
    quality: 0,
    audioBlocked: false,
  });
  #roster: readonly string[] = [];
  #unsubscribe: (() => void) | null = null;

  constructor(options: MediaRoomOptions<unknown>, fake: FakeMediaRoomOptions = {}) {
    this.#options = options;
    this.#fake = fake;
  }

  get options(): MediaRoomOptions<unknown> {
    return this.#options;
  }

  getSnapshot(): Readonly<MediaSnapshot> {
    return this.#store.getSnapshot();
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener);
  }

  /** Changes the snapshot as the network would: a level, a quality, blocked sound, a failure. */
  change(change: Partial<MediaSnapshot>): void {
    this.#store.update(change);
  }

  async enter(): Promise<void> {
    if (this.#has('left')) throw new RtcDeskError('media-failed', 'This room was left.');
    this.#store.update({ state: 'entering' });
    await this.#fake.admitted;
    if (this.#has('left')) throw new RtcDeskError('media-failed', 'Left while entering.');
    if (this.#fake.refuse) {
      this.#store.update({ state: 'failed', error: this.#fake.refuse });
      throw new RtcDeskError(this.#fake.refuse);
    }
    const { room, self, local } = this.#options;
    const members = rooms.get(room) ?? new Map<string, FakeMediaRoom>();
    rooms.set(room, members.set(self, this));
    this.#unsubscribe = local.subscribe(() => this.#tellAll());
    this.#store.update({ state: 'entered', quality: 5 });
    this.#tellAll();
  }

  handleRoster(participants: readonly string[]): void {
    this.#roster = participants.filter((id) => id !== this.#options.self);
    this.#see();
  }

  handleSignal(from: string): void {
    this.calls.push(`signal from ${from}`);
  }

  handleSignalingRestored(): void {
    this.calls.push('signaling restored');
  }

  setPictureSize(participant: string, size: PictureSize): void {
    this.calls.push(`${participant} ${size}`);
  }

  async startAudio(): Promise<void> {
    this.calls.push('start audio');
    this.#store.update({ audioBlocked: false });
  }

  async setSpeaker(deviceId: string): Promise<void> {
    this.calls.push(`speaker ${deviceId}`);
  }

  async leave(): Promise<void> {
    if (this.#has('left')) return;
    const { room, self } = this.#options;
    this.#unsubscribe?.();
    rooms.get(room)?.delete(self);
    if (rooms.get(room)?.size === 0) rooms.delete(room);
    this.#store.update({ state: 'left', remotes: [], quality: 0, audioBlocked: false });
    this.#tellAll();
  }

  #has(state: MediaSnapshot['state']): boolean {
    return this.getSnapshot().state === state;
  }

  #tellAll(): void {
    for (const member of rooms.get(this.#options.room)?.values() ?? []) member.#see();
  }

  /** Reads the others again. */
  #see(): void {
    if (!this.#has('entered')) return;
    const members = rooms.get(this.#options.room);
    const remotes = this.#roster.flatMap((id) => {
      const member = members?.get(id);
      return member ? [member.#shown()] : [];
    });
    this.#store.update({ remotes });
  }

  /** Our media as the others see them. */
  #shown(): RemoteMedia {
    const { camera, microphone, screen } = this.#options.local.getSnapshot();
    return remoteMedia(this.#options.self, {
      camera: camera.state === 'on' ? camera.track : null,
      screen: screen.state === 'on' ? screen.track : null,
      microphoneOn: microphone.state === 'on',
      cameraOn: camera.state === 'on',
    });
  }
}
