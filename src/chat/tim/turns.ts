import type { Tim } from './sdk.ts';

/** The rooms that wait, by the SDK's module and the application. */
const lines = new WeakMap<Tim, Map<number, Promise<void>>>();

/**
 * The SDK has one instance for an application, signed in as one person: two rooms of one page would sign
 * each other out. So a room waits until the one before it has let go. Resolves, when it is this room's turn,
 * to the function that ends it.
 */
export async function takeTurn(tim: Tim, sdkAppId: number): Promise<() => void> {
  const rooms = lines.get(tim) ?? new Map<number, Promise<void>>();
  lines.set(tim, rooms);
  const before = rooms.get(sdkAppId);
  let end = () => {};
  const mine = new Promise<void>((resolve) => (end = resolve));
  rooms.set(
    sdkAppId,
    Promise.all([before, mine]).then(() => {}),
  );
  await before;
  return end;
}
