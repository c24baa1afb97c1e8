import type { RoomControl } from '../../../call/room-control.ts';
import { InterruptionRepair } from './interruption.ts';
import { WakeLock, type WakeLocks } from './wake-lock.ts';

const rooms = new WeakSet<RoomControl>();

/** What a call needs on a phone, until the room is left: the screen stays on, and an interruption is repaired. */
export function servePhone(room: RoomControl): void {
  if (rooms.has(room)) return;
  rooms.add(room);
  const { wakeLock: locks } = navigator as { wakeLock?: WakeLocks };
  const lock = locks ? new WakeLock(locks) : null;
  const repair = new InterruptionRepair(room);
  lock?.hold();
  const unsubscribe = room.subscribe(() => {
    const { state } = room.getSnapshot();
    if (state !== 'left' && state !== 'failed') return;
    unsubscribe();
    repair.stop();
    lock?.release();
    rooms.delete(room);
  });
}
