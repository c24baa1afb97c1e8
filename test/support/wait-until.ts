import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until `condition` answers something other than false, null or undefined, and
 * resolves to it. Rejects after `within` ms with what was waited for.
 */
export async function waitUntil<T>(
  what: string,
  condition: () => Promise<T> | T,
  within = 20_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + within;
  for (;;) {
    const answer = await condition();
    if (answer !== false && answer !== null && answer !== undefined) {
      return answer as Exclude<T, false | null | undefined>;
    }
    if (Date.now() > deadline) throw new Error(`waited ${within} ms in vain until ${what}`);
    await delay(50);
  }
}
