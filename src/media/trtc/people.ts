import type { Clock } from '../../platform/clock.ts';
import { watchFirstFrame } from './first-frame.ts';
import type { PictureSize, Quality, RemoteMedia } from '../media.ts';
import { TrtcRemote } from './remote.ts';
import type { TrtcClient, TrtcSdk } from './sdk.ts';

type VideoEvent = Parameters<TrtcClient['stopRemoteVideo']>[0];

export interface TrtcPeopleOptions {
  readonly client: TrtcClient;
  readonly types: TrtcSdk['TYPE'];
  readonly clock: Clock;
  readonly onChange: () => void;
  /** Called once, at the first frame of anybody. */
  readonly onFirstFrame: () => void;
}

/**
 * Everybody else in the room, as the SDK reports them, without those who have left the server's roster: the cloud keeps
 * somebody who vanished for 90 s.
 */
export class TrtcPeople {
  readonly #options: TrtcPeopleOptions;
  readonly #remotes = new Map<string, TrtcRemote>();
  readonly #sizes = new Map<string, PictureSize>();
  #roster: readonly string[] = [];
  readonly #gone = new Set<string>();
  #stopWatching: (() => void) | null = null;
  #watched: MediaStreamTrack | null = null;
  #seen = false;

  constructor(options: TrtcPeopleOptions) {
    this.#options = options;
  }

  enter(id: string): TrtcRemote {
    const known = this.#remotes.get(id);
    if (known) return known;
    const { client, types, clock } = this.#options;
    const onChange = () => this.#handleChange();
    const remote = new TrtcRemote({ id, client, types, clock, onChange });
    remote.setPictureSize(this.#sizeOf(id));
    this.#remotes.set(id, remote);
    this.#handleChange();
    return remote;
  }

  exit(id: string): void {
    this.#remotes.get(id)?.close();
    this.#remotes.delete(id);
    this.#sizes.delete(id);
    this.#gone.delete(id);
    this.#handleChange();
  }

  setMicrophone(id: string, on: boolean): void {
    this.enter(id).microphoneOn = on;
    this.#handleChange();
  }

  setVideo({ userId, streamType }: VideoEvent, available: boolean): void {
    const { camera, screen } = this.enter(userId);
    const video = streamType === this.#options.types.STREAM_TYPE_SUB ? screen : camera;
    video.setAvailable(available);
  }

  handleTrack({ userId, streamType }: VideoEvent, track: MediaStreamTrack): void {
    const remote = this.#remotes.get(userId);
    // The snapshot asks the SDK for it.
    if (track.kind !== 'video') return this.#handleChange();
    const isScreen = streamType === this.#options.types.STREAM_TYPE_SUB;
    remote?.[isScreen ? 'screen' : 'camera'].handleTrack(track);
  }

  /** Levels are 0 to 1. */
  setLevels(levels: Iterable<readonly [id: string, level: number]>): void {
    for (const [id, level] of levels) {
      const remote = this.#remotes.get(id);
      if (remote) remote.level = level;
    }
    this.#handleChange();
  }

  setPictureSize(id: string, size: PictureSize): void {
    this.#sizes.set(id, size);
    this.#remotes.get(id)?.setPictureSize(this.#sizeOf(id));
  }

  handleRoster(roster: readonly string[]): void {
    for (const id of this.#roster) if (!roster.includes(id)) this.#gone.add(id);
    for (const id of roster) this.#gone.delete(id);
    this.#roster = roster;
    for (const [id, remote] of this.#remotes) remote.setPictureSize(this.#sizeOf(id));
    this.#handleChange();
  }

  snapshots(state: RemoteMedia['state'], quality: Quality): RemoteMedia[] {
    return [...this.#remotes.values()]
      .filter(({ id }) => !this.#gone.has(id))
      .map((remote) => remote.snapshot(state, quality));
  }

  /** Removes everybody. */
  clear(): void {
    this.#stopWatching?.();
    this.#stopWatching = this.#watched = null;
    for (const remote of this.#remotes.values()) remote.close();
    this.#remotes.clear();
  }

  #sizeOf(id: string): PictureSize {
    return this.#gone.has(id) ? 'none' : (this.#sizes.get(id) ?? 'large');
  }

  #handleChange(): void {
    this.#watchFirstFrame();
    this.#options.onChange();
  }

  #watchFirstFrame(): void {
    if (this.#seen) return;
    const remotes = [...this.#remotes.values()];
    const track = remotes.map(({ camera, screen }) => camera.track ?? screen.track).find(Boolean);
    if (!track || track === this.#watched) return;
    this.#stopWatching?.();
    this.#watched = track;
    this.#stopWatching = watchFirstFrame(track, () => {
      this.#seen = true;
      this.#options.onFirstFrame();
    });
  }
}
