import { setTimeout as delay } from 'node:timers/promises';

/**
 * Calls `condition` every 50 ms until it answers something other than false, null or undefined, and resolves to that.
 * Rejects after `timeoutMs`, and names what it waited for.
 */
export async function waitUntil<T>(
  what: string,
  condition: () => Promise<T> | T,
  timeoutMs = 20_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await condition();
    if (answer !== false && answer !== null && answer !== undefined) {
      return answer as Exclude<T, false | null | undefined>;
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    await delay(50);
  }
}
