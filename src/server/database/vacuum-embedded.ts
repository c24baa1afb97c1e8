import type { Queryable } from './database.ts';

/** The table that needs it most; PostgreSQL's own thresholds (autovacuum_vacuum_threshold and the like). */
const NEXT = `
select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
 where last_vacuum is null or n_dead_tup > 50 + 0.2 * n_live_tup or n_mod_since_analyze > 50 + 0.1 * n_live_tup
 order by last_vacuum nulls first, n_dead_tup desc limit 1`;

/**
 * PGlite has no autovacuum: without this the rows that a busy desk writes anew each second would pile up,
 * and the planner would never learn how large the tables are. One table at a time, since there is one
 * connection; after a start each gets its turn once, because the counts do not outlive the process.
 * False where nothing needed it.
 */
export async function vacuumEmbedded(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ name: string }>(NEXT, []);
  const name = rows[0]?.name;
  if (name === undefined) return false;
  await db.query(`vacuum (analyze) ${name}`);
  return true;
}
