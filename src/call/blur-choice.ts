import { browserPlatform } from '../platform/browser.ts';

const KEY = 'rtc-desk-blur';
const { storage } = browserPlatform;

/** Whether this browser's agent last chose to blur the room behind them. */
export function blurChosen(): boolean {
  return storage.read(KEY) !== null;
}

export function storeBlurChoice(chosen: boolean): void {
  if (chosen) storage.write(KEY, '');
  else storage.remove(KEY);
}
