import type { DeviceCheck, DeviceCheckId, DeviceReport } from '../../protocol/device-report.ts';
import type { Readable } from '../../snapshot/store.ts';

export interface DeviceTestSnapshot {
  /** `asking`: the tone was played, and the person has to say whether it was heard. */
  readonly state: 'idle' | 'running' | 'asking' | 'ended';
  /** The check that runs; null while none does. */
  readonly current: DeviceCheckId | null;
  /** The checks that are done. */
  readonly checks: readonly DeviceCheck[];
  /** While the microphone is tested: its level, 0 to 1. */
  readonly level: number;
  /** The camera's picture, from the camera's check to the end of the test. */
  readonly camera: MediaStream | null;
  /** After the end. */
  readonly report: DeviceReport | null;
}

/** A device and network test, as an element sees it. */
export interface DeviceTestControl extends Readable<DeviceTestSnapshot> {
  /** Runs all checks, also again. Call it within a press: the browser asks for the devices, and plays a tone. */
  start(): Promise<void>;
  /** Whether the person heard the tone. */
  answer(heard: boolean): void;
  /** Plays the tone once more. */
  repeatTone(): void;
  /** Stops the devices. */
  stop(): void;
}
