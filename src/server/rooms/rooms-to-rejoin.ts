import type { Queryable } from '../database/database.ts';

interface RoomToRejoin {
  readonly room: number;
  readonly legId: string;
}

/** The rooms of the agent's live legs that an earlier page was in, if `connection` is the active tab now. */
export async function roomsToRejoin(db: Queryable, connection: string): Promise<RoomToRejoin[]> {
  const { rows } = await db.query<RoomToRejoin>(
    `select distinct p.room, l.id as "legId"
       from connections x
       join legs l on l.agent_id = x.agent_id and l.state in ('accepted', 'joined')
       join participants p on p.leg_id = l.id and p.entered_at is not null and p.left_at is null
       join rooms r on r.number = p.room and r.closed_at is null
      where x.id = $1 and x.active_tab`,
    [connection],
  );
  return rows;
}
