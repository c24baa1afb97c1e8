import type { ErrorCode } from '../protocol/errors.ts';
import type { Readable } from '../snapshot/store.ts';

export type SourceName = 'camera' | 'microphone' | 'screen';

/**
 * One source of ours. `on`: captured and sent. `off`: by choice (a camera that is off is stopped,
 * so that its light goes out; a microphone that is muted stays open and silent), or because the system took
 * the device for a phone call; it comes back by itself, and turning it on asks for it again. `failed`: see `error`.
 */
export interface SourceSnapshot {
  readonly state: 'idle' | 'starting' | 'on' | 'off' | 'failed';
  readonly error: ErrorCode | null;
  /** '' where unknown. */
  readonly deviceId: string;
  readonly track: MediaStreamTrack | null;
}

export interface DeviceChoice {
  readonly deviceId: string;
  readonly label: string;
}

export interface LocalMediaSnapshot {
  readonly camera: SourceSnapshot;
  readonly microphone: SourceSnapshot;
  readonly screen: SourceSnapshot;
  readonly cameras: readonly DeviceChoice[];
  readonly microphones: readonly DeviceChoice[];
  readonly speakers: readonly DeviceChoice[];
  /** Of our microphone, 0 to 1; 0 while muted. */
  readonly level: number;
}

/**
 * Camera, microphone and screen of this page: asked for once, kept through the wait and the call,
 * shared by whichever adapter sends them. A missing or refused device is a state, never an exception:
 * the wish for help goes on with what there is.
 */
export interface LocalMedia extends Readable<LocalMediaSnapshot> {
  /** Asks for both; resolves when each is on or failed. */
  start(): Promise<void>;
  setCameraOn(on: boolean): Promise<void>;
  setMicrophoneOn(on: boolean): Promise<void>;
  useCamera(deviceId: string): Promise<void>;
  useMicrophone(deviceId: string): Promise<void>;
  /** Inside a click. Rejects with an RtcDeskError where refused, except when the person cancelled the picker. */
  startScreen(): Promise<void>;
  stopScreen(): void;
  /** Stops every track; idempotent, and usable again by `start`. */
  stop(): void;
}
