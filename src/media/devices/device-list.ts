import type { DeviceChoice } from '../local-media.ts';

/** The devices that can be chosen. */
export interface DeviceLists {
  readonly cameras: readonly DeviceChoice[];
  readonly microphones: readonly DeviceChoice[];
  readonly speakers: readonly DeviceChoice[];
}

/** Before the permission, browsers list devices without id and name. Those cannot be chosen and are left out. */
export async function readDeviceLists(devices: MediaDevices): Promise<DeviceLists> {
  const all = await devices.enumerateDevices();
  const of = (kind: MediaDeviceKind): DeviceChoice[] =>
    all
      .filter((device) => device.kind === kind && device.deviceId !== '')
      .map(({ deviceId, label }) => ({ deviceId, label }));
  return { cameras: of('videoinput'), microphones: of('audioinput'), speakers: of('audiooutput') };
}
