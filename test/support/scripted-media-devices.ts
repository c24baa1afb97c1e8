import { drawnTrack, silentTrack } from './drawn-track.ts';

/** The answer of a person's browser: a refusal, or undefined for a device. */
type Answer = DOMException | undefined;

/**
 * Replaces navigator.mediaDevices if a test needs devices that are plugged in and out or refused. `tracks` holds
 * every track that it returned.
 */
export class ScriptedMediaDevices extends EventTarget {
  readonly tracks: MediaStreamTrack[] = [];
  readonly asked: MediaStreamConstraints[] = [];
  camera: Answer;
  microphone: Answer;
  screen: Answer;
  /** Every request waits for it, if it is set. */
  pending: Promise<void> | null = null;
  list: { kind: MediaDeviceKind; deviceId: string; label: string }[] = [
    { kind: 'videoinput', deviceId: 'front', label: 'Front camera' },
    { kind: 'videoinput', deviceId: 'back', label: 'Back camera' },
    { kind: 'audioinput', deviceId: 'headset', label: 'Headset' },
    { kind: 'audioinput', deviceId: 'desk', label: 'Desk microphone' },
    { kind: 'audiooutput', deviceId: 'loud', label: 'Loudspeaker' },
  ];

  /** This object with the browser's type. */
  get asMediaDevices(): MediaDevices {
    return this as unknown as MediaDevices;
  }

  get live(): MediaStreamTrack[] {
    return this.tracks.filter(({ readyState }) => readyState === 'live');
  }

  async getUserMedia(constraints: MediaStreamConstraints): Promise<MediaStream> {
    this.asked.push(constraints);
    await this.pending;
    const { video, audio } = constraints;
    for (const [asked, refusal] of [
      [video, this.camera],
      [audio, this.microphone],
    ] as const) {
      if (asked && refusal) throw refusal;
    }
    const stream = new MediaStream();
    if (video) stream.addTrack(this.#give(drawnTrack(), video, 'videoinput'));
    if (audio) stream.addTrack(this.#give(silentTrack(), audio, 'audioinput'));
    return stream;
  }

  async getDisplayMedia(): Promise<MediaStream> {
    await this.pending;
    if (this.screen) throw this.screen;
    const track = drawnTrack();
    this.tracks.push(track);
    return new MediaStream([track]);
  }

  async enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return this.list as MediaDeviceInfo[];
  }

  /** A device is unplugged: its track ends by itself. */
  pullOut(track: MediaStreamTrack): void {
    track.stop();
    track.dispatchEvent(new Event('ended'));
  }

  #give(
    track: MediaStreamTrack,
    asked: true | MediaTrackConstraints,
    kind: MediaDeviceKind,
  ): MediaStreamTrack {
    const wanted = asked === true ? undefined : asked.deviceId;
    const { exact, ideal } = (typeof wanted === 'object' ? wanted : {}) as Record<string, string>;
    const named = this.list.find(({ deviceId }) => deviceId === (exact ?? ideal));
    if (exact && !named) {
      track.stop();
      throw new DOMException('There is no such device.', 'NotFoundError');
    }
    const deviceId = (named ?? this.list.find((device) => device.kind === kind))?.deviceId ?? '';
    track.getSettings = () => ({ deviceId });
    this.tracks.push(track);
    return track;
  }
}
