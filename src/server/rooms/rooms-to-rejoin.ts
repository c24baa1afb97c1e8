import type { Queryable } from '../database/database.ts';

/** The room of the agent's live call that an earlier page was in, if this tab is in charge of it now. */
export async function roomToRejoin(db: Queryable, connection: string): Promise<number | null> {
  const { rows } = await db.query<{ room: number }>(
    `select c.room from connections x
       join calls c on c.agent_id = x.agent_id and c.ended_at is null
                   and c.state in ('accepted', 'ready', 'connected')
      where x.id = $1 and x.in_charge and exists (
        select from participants p
         where p.room = c.room and p.agent_id = x.agent_id and p.role = 'agent'
           and p.entered_at is not null and p.left_at is null)`,
    [connection],
  );
  return rows[0]?.room ?? null;
}
