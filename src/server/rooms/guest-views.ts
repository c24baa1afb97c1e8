import type { Queryable } from '../database/database.ts';
import { openRooms, roomView, type RoomRow } from '../views/room-row.ts';
import { MOMENT, roomRow, TICKET_HOLDER } from '../views/view-columns.ts';
import type { ConnectionStatus, ViewReading } from '../views/view-reading.ts';
import type { Tickets } from './tickets.ts';

interface GuestAsked {
  readonly connection: string;
  readonly participant: string;
}

interface GuestRow {
  readonly rev: string;
  readonly now: number;
  readonly connection: string;
  readonly room: RoomRow;
  readonly closed: boolean;
  /** Whether the same guest has a later participant. */
  readonly replaced: boolean;
  /** Whether the connection has its row. */
  readonly known: boolean;
  /** Whether the participant is this connection's. */
  readonly holds: boolean;
}

const HOLDER = `case when p.left_at is null and r.closed_at is null then ${TICKET_HOLDER} end`;

const READ = `
  select ${MOMENT}, asked.connection, ${roomRow(HOLDER)} as room,
         r.closed_at is not null as closed,
         p.left_at is not null and exists (
           select from participants later
            where later.room = p.room and later.subject = p.subject and later.id <> p.id
              and later.issued_at >= p.issued_at) as replaced,
         exists (select from connections x where x.id = asked.connection) as known,
         p.connection_id is not distinct from asked.connection as holds
    from unnest($1::text[], $2::uuid[]) as asked (participant, connection)
    join participants p on p.id = asked.participant
    join rooms r on r.number = p.room`;

/** Reads the views of guests in one statement. A guest who has left still sees the room, and is not in it. */
export async function readGuestViews(
  db: Queryable,
  tickets: Tickets,
  asked: readonly GuestAsked[],
): Promise<Map<string, ViewReading>> {
  const { rows } = await db.query<GuestRow>(READ, [
    asked.map(({ participant }) => participant),
    asked.map(({ connection }) => connection),
  ]);
  const readings = new Map<string, ViewReading>();
  for (const row of rows) {
    readings.set(row.connection, {
      rev: Number(row.rev),
      now: row.now,
      view: { role: 'guest', room: await roomView(row.room, tickets, row.now) },
      topics: new Set([`room:${row.room.number}` as const]),
      rooms: openRooms([row.room]),
      connectionStatus: connectionStatusOf(row),
    });
  }
  return readings;
}

function connectionStatusOf({ replaced, closed, known, holds }: GuestRow): ConnectionStatus {
  if (replaced) return 'superseded';
  if (closed) return 'room-closed';
  if (!known) return 'orphaned';
  return holds ? 'current' : 'superseded';
}
