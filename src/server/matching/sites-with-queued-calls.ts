import type { Queryable } from '../database/database.ts';

/** The ids of the sites where a call waits. It looks once into the index of waiting calls for each site. */
export async function sitesWithQueuedCalls(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `select s.id from sites s
      where exists (select from calls c where c.site_id = s.id and c.state = 'queued')
      order by s.id`,
    [],
  );
  return rows.map(({ id }) => id);
}
