import { browserTestMedia } from '../media/device-test/browser-test-media.ts';
import { browserPlatform } from '../platform/browser.ts';
import { DeviceTest, type DeviceTestOptions } from './device-test/device-test.ts';
import type { DeviceTestControl } from './device-test/device-test-control.ts';

/** A device and network test in this browser. */
export function createDeviceTest(options: DeviceTestOptions): DeviceTestControl {
  return new DeviceTest(options, browserPlatform, browserTestMedia);
}
