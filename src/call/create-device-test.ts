import { captureErrorCode, requireMediaDevices } from '../media/devices/capture-error.ts';
import { checkBrowser } from '../media/device-test/check-browser.ts';
import { checkCamera } from '../media/device-test/check-camera.ts';
import { checkMicrophone } from '../media/device-test/check-microphone.ts';
import { checkTurn } from '../media/device-test/check-turn.ts';
import { measureNetwork } from '../media/device-test/measure-network.ts';
import { playTone } from '../media/device-test/play-tone.ts';
import { browserPlatform } from '../platform/browser.ts';
import {
  DeviceTest,
  type DeviceTestMedia,
  type DeviceTestOptions,
} from './device-test/device-test.ts';
import type { DeviceTestControl } from './device-test/device-test-control.ts';

/** A device and network test in this browser. */
export function createDeviceTest(options: DeviceTestOptions): DeviceTestControl {
  return new DeviceTest(options, browserPlatform, browserMedia);
}

const browserMedia: DeviceTestMedia = {
  agent: navigator.userAgent,
  checkBrowser: () => checkBrowser(),
  async open(kind) {
    try {
      const devices = requireMediaDevices(navigator.mediaDevices);
      const stream = await devices.getUserMedia(
        kind === 'camera'
          ? { video: { width: { ideal: 1_280 }, height: { ideal: 720 } } }
          : { audio: true },
      );
      return { track: stream.getTracks()[0] ?? null, error: null };
    } catch (error) {
      return { track: null, error: captureErrorCode(error, kind) };
    }
  },
  stream: (track) => new MediaStream([track]),
  async checkCamera(track) {
    const video = document.createElement('video');
    video.muted = true;
    video.playsInline = true;
    video.srcObject = new MediaStream([track]);
    // A browser that refuses to play gives no frames, which the check tells.
    video.play().catch(() => undefined);
    try {
      return await checkCamera(video);
    } finally {
      video.srcObject = null;
    }
  },
  checkMicrophone,
  playTone,
  checkTurn,
  measureNetwork,
};
