import type { RoomView } from '../../protocol/views.ts';
import type { Queryable } from '../database/database.ts';
import type { Join, Tickets } from '../rooms/tickets.ts';
import { JOIN, MOMENT, ROOM_VIEW } from './view-columns.ts';
import { openRoom, standingOf, type Standing, type ViewReading } from './view-reading.ts';

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
  readonly connections: string[];
}

const READ = `
  select ${MOMENT},
         p.left_at is not null or r.closed_at is not null as left, r.closed_at is not null as closed,
         p.left_at is not null and exists (
           select from participants n
            where n.room = p.room and n.role = 'guest' and n.subject = p.subject and n.id <> p.id
              and n.issued_at >= p.issued_at) as replaced,
         ${JOIN} as join, ${ROOM_VIEW} as room,
         array(select x.id::text from connections x where x.participant_id = p.id
                order by x.connected_at desc, x.id desc) as connections
    from participants p join rooms r on r.number = p.room
   where p.id = any($1::text[])`;

/** Reads the views of guests in one statement. Whoever left still sees the room, and is not in it. */
export async function readGuestViews(
  db: Queryable,
  tickets: Tickets,
  asked: readonly GuestAsked[],
): Promise<Map<string, ViewReading>> {
  const { rows } = await db.query<GuestRow>(READ, [asked.map((guest) => guest.participant)]);
  const byParticipant = new Map(rows.map((row) => [row.join.participant, row]));
  const readings = new Map<string, ViewReading>();
  for (const { connection, participant } of asked) {
    const row = byParticipant.get(participant);
    if (!row) continue;
    readings.set(connection, {
      rev: Number(row.rev),
      now: row.now,
      view: { role: 'guest', ticket: await tickets.make(row.join, row.now), room: row.room },
      topics: new Set([`room:${row.room.number}` as const]),
      room: row.left ? null : openRoom(row.join, row.room),
      standing: standing(row, connection),
    });
  }
  return readings;
}

function standing({ replaced, closed, connections }: GuestRow, connection: string): Standing {
  if (replaced) return 'superseded';
  return closed ? 'shut-out' : standingOf(connection, connections);
}
