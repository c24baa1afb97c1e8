import type { Queryable } from '../database/database.ts';

export interface AuditCheck {
  readonly rows: number;
  /** The sequence of the first row that does not fit its chain; null: the chain is whole. */
  readonly brokenAt: number | null;
}

/** Each row must have its own hash, follow the row before, and the last one must be the end of the chain. */
const CHECK = `
with chained as (
  select a.sequence,
         a.hash = audit_hash(a)
           and coalesce(lag(a.hash) over o = a.previous_hash, true)
           and coalesce(lag(a.sequence) over o = a.sequence - 1, true) as fits
    from audit a where a.site_id = $1
  window o as (order by a.sequence)),
last as (select coalesce(max(sequence), 0) as sequence from chained)
select (select count(*)::int from chained) as rows,
       coalesce(
         (select min(sequence) from chained where not fits),
         (select last.sequence + 1 from audit_chains c, last
           where c.site_id = $1
             and (c.sequence <> last.sequence
                  or c.hash <> (select a.hash from audit a where a.site_id = $1 and a.sequence = last.sequence))))::int
         as "brokenAt"`;

/** Checks a site's chain. Rows that retention has deleted are the oldest ones, which breaks nothing. */
export async function verifyAudit(db: Queryable, site: string): Promise<AuditCheck> {
  const { rows } = await db.query<AuditCheck>(CHECK, [site]);
  const [check] = rows;
  if (!check) throw new Error('The check answers one row.');
  return check;
}
