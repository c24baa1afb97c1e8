import { Devices } from '../../src/media/devices/devices.ts';
import { drawnTrack } from './drawn-track.ts';

/** The browser's own devices, with a drawn screen: a test cannot use the browser's picker. */
export function realLocalMedia(): Devices {
  const own = navigator.mediaDevices;
  const devices = {
    getUserMedia: (constraints: MediaStreamConstraints) => own.getUserMedia(constraints),
    enumerateDevices: () => own.enumerateDevices(),
    getDisplayMedia: async () => new MediaStream([drawnTrack()]),
    addEventListener: own.addEventListener.bind(own),
    removeEventListener: own.removeEventListener.bind(own),
  };
  return new Devices(devices as unknown as MediaDevices);
}
