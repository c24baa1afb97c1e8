import type { LocalMedia } from '../../media/local-media.ts';

/** The part of RoomControl that concerns this person's devices. */
export class DeviceControls {
  constructor(protected readonly local: LocalMedia) {}

  setMicrophoneOn(on: boolean): Promise<void> {
    return this.local.setMicrophoneOn(on);
  }
  setCameraOn(on: boolean): Promise<void> {
    return this.local.setCameraOn(on);
  }
  useCamera(deviceId: string): Promise<void> {
    return this.local.useCamera(deviceId);
  }
  useMicrophone(deviceId: string): Promise<void> {
    return this.local.useMicrophone(deviceId);
  }
  startScreen(): Promise<void> {
    return this.local.startScreen();
  }
  stopScreen(): void {
    this.local.stopScreen();
  }
}
