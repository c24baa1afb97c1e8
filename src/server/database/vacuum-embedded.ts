import type { Queryable } from './database.ts';

/** The table that needs it most, by PostgreSQL's own thresholds (autovacuum_vacuum_threshold and the like). */
const NEXT_TABLE = `
select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
 where last_vacuum is null or n_dead_tup > 50 + 0.2 * n_live_tup or n_mod_since_analyze > 50 + 0.1 * n_live_tup
 order by last_vacuum nulls first, n_dead_tup desc limit 1`;

/**
 * Vacuums and analyzes one table. PGlite has no autovacuum: without this, dead rows pile up and the planner never
 * learns the sizes of the tables. One table at a time, because there is one connection. Each table is vacuumed once
 * after a start, because the counts do not outlive the process. Resolves to false if no table needed it.
 */
export async function vacuumEmbedded(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ name: string }>(NEXT_TABLE, []);
  const name = rows[0]?.name;
  if (name === undefined) return false;
  await db.query(`vacuum (analyze) ${name}`);
  return true;
}
