import type { RoomView } from '../../protocol/views.ts';
import type { TicketHolder, Tickets } from '../rooms/tickets.ts';
import type { OpenRoom } from './view-reading.ts';

/** A room as a view's statement reads it (`roomRow` in view-columns.ts). */
export interface RoomRow extends Omit<RoomView, 'ticket'> {
  /** Whose ticket the viewer is shown; null if this connection may not enter. */
  readonly holder: TicketHolder | null;
}

/** `now` is the database's clock. */
export async function roomView(
  { holder, ...room }: RoomRow,
  tickets: Tickets,
  now: number,
): Promise<RoomView> {
  return { ...room, ticket: holder && (await tickets.make(holder, now)) };
}

export function openRooms(rooms: readonly RoomRow[]): OpenRoom[] {
  return rooms.flatMap(({ holder }) =>
    holder ? [{ room: holder.room, participant: holder.participant }] : [],
  );
}
