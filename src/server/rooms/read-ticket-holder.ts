import type { Queryable } from '../database/database.ts';
import { ms, TICKET_HOLDER } from '../views/view-columns.ts';
import type { TicketHolder } from './tickets.ts';

interface CurrentHolder {
  readonly holder: TicketHolder;
  /** The database's clock, ms since 1970. */
  readonly now: number;
  /** False for an agent whose other tab is in the room. */
  readonly usable: boolean;
}

const READ = `
  select ${TICKET_HOLDER} as holder, ${ms('clock_timestamp()')} as now,
         p.role <> 'agent' or exists (
           select from connections x where x.id = $3 and (x.active_tab or x.id = p.connection_id)) as usable
    from participants p join rooms r on r.number = p.room
   where p.id = $1 and p.room = $2 and p.left_at is null and r.closed_at is null`;

/** For whom a ticket is renewed; null if the participant has left or the room is closed. */
export async function readTicketHolder(
  db: Queryable,
  {
    room,
    participant,
    connectionId,
  }: { readonly room: number; readonly participant: string; readonly connectionId: string },
): Promise<CurrentHolder | null> {
  const { rows } = await db.query<CurrentHolder>(READ, [participant, room, connectionId]);
  return rows[0] ?? null;
}
