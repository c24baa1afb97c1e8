import { findInstalled } from './installed.mjs';

/** The Firefox of this machine: `FIREFOX_PATH`, else an installed one, else undefined. npm installs none. */
export function findFirefox(): string | undefined {
  return findInstalled({
    variable: 'FIREFOX_PATH',
    names: ['firefox', 'firefox-esr'],
    places: [
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
    ],
  });
}

/** Like `chromeArgs`: fake devices, no prompts, connections on loopback, autoplay with sound. */
export const firefoxPreferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.autoplay.default': 0,
};
