import type { Tim } from './sdk.ts';

/** The last room in the queue, by the SDK's module and the application. */
const queues = new WeakMap<Tim, Map<number, Promise<void>>>();

/**
 * The SDK has one instance for each application, signed in as one person: two rooms of one page would sign each
 * other out. So a room waits until the one before it is finished. Resolves when it is this room's turn, with the
 * function that ends the turn.
 */
export async function takeTurn(tim: Tim, sdkAppId: number): Promise<() => void> {
  const rooms = queues.get(tim) ?? new Map<number, Promise<void>>();
  queues.set(tim, rooms);
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
