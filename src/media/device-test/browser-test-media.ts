import type { DeviceTestMedia } from '../device-test-media.ts';
import { captureErrorCode, requireMediaDevices } from '../devices/capture-error.ts';
import { checkBrowser } from './check-browser.ts';
import { checkCamera } from './check-camera.ts';
import { checkMicrophone } from './check-microphone.ts';
import { checkTurn } from './check-turn.ts';
import { measureNetwork } from './measure-network.ts';
import { playTone } from './play-tone.ts';

/** This browser's part of a device and network test. */
export const browserTestMedia: DeviceTestMedia = {
  agent: navigator.userAgent,
  checkBrowser: () => checkBrowser(),
  async open(kind) {
    try {
      const stream = await requireMediaDevices(navigator.mediaDevices).getUserMedia(
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
  // A chunk of its own: sites on the built-in media do not need it.
  checkTrtcBrowser: async () => (await import('./trtc-test.ts')).checkTrtcBrowser(),
  measureTrtc: async (room, track) => (await import('./trtc-test.ts')).measureTrtc(room, track),
};
