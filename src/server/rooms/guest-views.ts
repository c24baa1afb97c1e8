import type { RoomView } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import type { Join, Tickets } from './tickets.ts';
import { JOIN, MOMENT, ROOM_VIEW } from '../database/view-columns.ts';
import { openRoom, type Standing, type ViewReading } from '../presence/view-reading.ts';

export interface GuestAsked {
  readonly connection: string;
  readonly participant: string;
}

interface GuestRow {
  readonly rev: string;
  readonly now: number;
  readonly left: boolean;
  readonly closed: boolean;
  /** The same guest has a later join. */
  readonly replaced: boolean;
  readonly join: Join;
  readonly room: RoomView;
  readonly connection: string;
  /** Whether the connection has its row. */
  readonly here: boolean;
  /** Whether it is the one that holds the join. */
  readonly holds: boolean;
}

const READ = `
  select ${MOMENT}, asked.connection,
         p.left_at is not null or r.closed_at is not null as left, r.closed_at is not null as closed,
         p.left_at is not null and exists (
           select from participants n
            where n.room = p.room and n.role = 'guest' and n.subject = p.subject and n.id <> p.id
              and n.issued_at >= p.issued_at) as replaced,
         ${JOIN} as join, ${ROOM_VIEW} as room,
         exists (select from connections x where x.id = asked.connection::uuid) as here,
         p.connection_id is not distinct from asked.connection::uuid as holds
    from unnest($1::text[], $2::text[]) as asked (participant, connection)
    join participants p on p.id = asked.participant join rooms r on r.number = p.room`;

/** Reads the views of guests in one statement. Whoever left still sees the room, and is not in it. */
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
      view: { role: 'guest', ticket: tickets.make(row.join, row.now), room: row.room },
      topics: new Set([`room:${row.room.number}` as const]),
      room: row.left ? null : openRoom(row.join),
      lastWord: { room: row.room.number, sequence: row.room.chatSequence },
      standing: standing(row),
    });
  }
  return readings;
}

function standing({ replaced, closed, here, holds }: GuestRow): Standing {
  if (replaced) return 'superseded';
  if (closed) return 'shut-out';
  if (!here) return 'orphaned';
  return holds ? 'current' : 'superseded';
}
