import type { DeviceCheckResult } from '../protocol/device-report.ts';
import type { TrtcTestRoom } from '../protocol/rest/device-test.ts';
import type { IceServer } from '../protocol/views.ts';

/** A device that the browser was asked for. `track` is null if it could not be opened; then `error` has the code. */
export interface TestedDevice {
  readonly track: MediaStreamTrack | null;
  readonly error: string | null;
}

/** The parts of a device and network test that only a browser can do. */
export interface DeviceTestMedia {
  /** The user agent. */
  readonly agent: string;
  checkBrowser(): DeviceCheckResult;
  open(kind: 'camera' | 'microphone'): Promise<TestedDevice>;
  /** For a video element. */
  stream(track: MediaStreamTrack): MediaStream;
  checkCamera(track: MediaStreamTrack): Promise<DeviceCheckResult>;
  /** `onLevel` gets each level, 0 to 1. */
  checkMicrophone(
    track: MediaStreamTrack,
    onLevel: (level: number) => void,
  ): Promise<DeviceCheckResult>;
  /** Resolves when the tone is over, and to false if the browser has no sound. */
  playTone(): Promise<boolean>;
  checkTurn(
    transport: 'udp' | 'tcp' | 'tls',
    servers: readonly IceServer[],
  ): Promise<DeviceCheckResult>;
  /** Takes about ten seconds. `track` is the camera's; null: a drawn picture. */
  measureNetwork(
    servers: readonly IceServer[],
    track: MediaStreamTrack | null,
  ): Promise<DeviceCheckResult>;
  /** Whether TRTC supports this browser, by its own SDK. */
  checkTrtcBrowser(): Promise<DeviceCheckResult>;
  /** The same as `measureNetwork` by way of TRTC's cloud. */
  measureTrtc(room: TrtcTestRoom, track: MediaStreamTrack | null): Promise<DeviceCheckResult>;
}
