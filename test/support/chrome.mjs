import { findInstalled } from './installed.mjs';
import { unpackChromium } from './npm-chromium.mjs';

const NAMES = ['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * The path of the Chrome for tests: `CHROME_PATH`, else an installed one, else the Chromium that npm installed (Linux).
 * Throws if CHROME_PATH names no program.
 * @returns {Promise<string>}
 */
export async function findChrome() {
  const installed = findInstalled({ variable: 'CHROME_PATH', names: NAMES, places: PLACES });
  return installed ?? unpackChromium();
}

/** Flags for every Chrome in tests: fake devices, no prompts, no background traffic, root and small /dev/shm allowed. */
export const chromeArgs = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--disable-features=WebRtcHideLocalIpsWithMdns,Translate',
];
