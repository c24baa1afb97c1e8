import type { Drawing, DrawnPicture, Mark } from '../../protocol/drawing.ts';
import type { Queryable } from '../database/database.ts';

export interface RoomDrawing {
  readonly room: number;
  readonly revision: number;
  readonly drawing: Drawing;
}

interface Row {
  readonly room: number;
  readonly revision: number;
  readonly participant: string | null;
  readonly source: DrawnPicture['source'] | null;
  readonly still: string | null;
  readonly marks: readonly Mark[];
}

// Whoever came back under another id is the same visitor, agent or guest.
const READ = `
select d.room, d.revision, d.source, d.still, d.marks,
       coalesce((
         select n.id from participants n left join legs nl on nl.id = n.leg_id
          where n.room = d.room and n.role = p.role and n.entered_at is not null and n.left_at is null
            and case p.role when 'agent' then nl.agent_id = l.agent_id
                            when 'guest' then n.subject = p.subject
                            else n.call_id = p.call_id end
          order by n.entered_at desc limit 1), d.participant_id) as participant
  from drawings d
  left join participants p on p.id = d.participant_id
  left join legs l on l.id = p.leg_id
 where d.room = any ($1::int[])`;

/** Of those of the rooms that have one. */
export async function readDrawings(
  db: Queryable,
  rooms: readonly number[],
): Promise<readonly RoomDrawing[]> {
  const { rows } = await db.query<Row>(READ, [rooms]);
  return rows.map(({ room, revision, participant, source, still, marks }) => {
    const picture = participant && source ? { participant, source, still } : null;
    return { room, revision, drawing: { picture, marks } };
  });
}
