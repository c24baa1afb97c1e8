import { browserPlatform } from '../../src/platform/browser.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Platform, PlatformSocket } from '../../src/platform/platform.ts';

/** The browser's platform with another clock and other sockets. */
export function fakePlatform(
  clock: Clock,
  openSocket: (address: string) => PlatformSocket = browserPlatform.openSocket,
): Platform {
  // Browsers show one page of a test run at a time.
  const page = { ...browserPlatform.page, hidden: false };
  return { ...browserPlatform, clock, openSocket, page };
}
