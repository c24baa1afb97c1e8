import type { ErrorCode } from '../protocol/errors.ts';
import type { VideoProfile } from '../protocol/video-profile.ts';
import type { Readable } from '../snapshot/store.ts';

export type SourceName = 'camera' | 'microphone' | 'screen';

/** The camera that looks at the person, or the one at the back of the phone. */
export type CameraSide = 'user' | 'environment';

/**
 * One of our sources. `on`: captured and sent. `off`: by choice, or because the system took the device for a phone
 * call; then it comes back by itself, and switching it on asks for it again. A camera that is off is stopped, so that
 * its light goes out. A muted microphone stays open and silent. `failed`: see `error`.
 */
export interface SourceSnapshot {
  readonly state: 'idle' | 'starting' | 'on' | 'off' | 'failed';
  readonly error: ErrorCode | null;
  /** '' if unknown. */
  readonly deviceId: string;
  readonly track: MediaStreamTrack | null;
}

export interface DeviceChoice {
  readonly deviceId: string;
  readonly label: string;
}

/** What departs from the usual, for a site's profile, an agent's wish, or a bad network. */
export interface MediaAdaptation {
  /** How the camera is sent; unset: `standard` (video-profiles.ts). */
  readonly profile?: VideoProfile | undefined;
  /** How a camera is opened; unset: as `standard` says. */
  readonly capture?: MediaTrackConstraints | undefined;
  /** The sources that are not sent although they are on; unset: none. */
  readonly held?: readonly SourceName[] | undefined;
}

export interface LocalMediaSnapshot extends MediaAdaptation {
  readonly camera: SourceSnapshot;
  readonly microphone: SourceSnapshot;
  readonly screen: SourceSnapshot;
  readonly cameras: readonly DeviceChoice[];
  readonly microphones: readonly DeviceChoice[];
  readonly speakers: readonly DeviceChoice[];
  /** The side of a phone to which the camera can change; null or unset where there is none. */
  readonly otherSide?: CameraSide | null | undefined;
  /** Of our microphone, 0 to 1; 0 while muted. */
  readonly level: number;
}

/**
 * Camera, microphone and screen of this page. They are captured once, for the wait and the call, and shared by all
 * adapters. A missing or refused device is a state, never an exception: the call goes on with the other devices.
 */
export interface LocalMedia extends Readable<LocalMediaSnapshot> {
  /** Asks for camera and microphone. Resolves when each is on or failed. */
  start(): Promise<void>;
  setCameraOn(on: boolean): Promise<void>;
  setMicrophoneOn(on: boolean): Promise<void>;
  /** A device's id, or a side of the phone: `user` or `environment`. Only the camera is opened anew. */
  useCamera(deviceId: string): Promise<void>;
  useMicrophone(deviceId: string): Promise<void>;
  /** To be called within a click. Rejects with an RtcDeskError, unless the person cancelled the picker. */
  startScreen(): Promise<void>;
  stopScreen(): void;
  /** What is named in it changes. The open camera is adapted by the caller. */
  adapt(change: MediaAdaptation): void;
  /** Stops every track. Idempotent; `start` captures again. */
  stop(): void;
}
