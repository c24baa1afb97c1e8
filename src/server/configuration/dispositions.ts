import { RtcDeskError } from '../../protocol/errors.ts';
import type { Dispositions } from '../../protocol/rest/dispositions.ts';
import type { AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { changeConfiguration, type ChangedBy } from './change-configuration.ts';

interface Row {
  readonly code: string;
  readonly level: number;
  readonly parent: string | null;
  readonly label: Dispositions['dispositions'][number]['label'];
}

/** A node of the tree, as it is built. */
interface Node {
  readonly code: string;
  readonly label: Row['label'];
  readonly children?: readonly Node[];
}

const READ = `
select code, level, parent_code as parent, label from dispositions
 where site_id = $1 and retired_at is null order by level, position, code`;

/** The whole tree. It is the value whose version clients compare. */
export async function readDispositions(db: Queryable, siteId: string): Promise<Dispositions> {
  const { rows } = await db.query<Row>(READ, [siteId]);
  return { dispositions: childrenOf(rows, null) } as Dispositions;
}

function childrenOf(rows: readonly Row[], parent: string | null): Node[] {
  return rows
    .filter((row) => row.parent === parent)
    .map(({ code, label }) => {
      const children = childrenOf(rows, code);
      return { code, label, ...(children.length > 0 && { children }) };
    });
}

// The foreign key to the level above is checked at the commit.
const WRITE = `
insert into dispositions (site_id, code, level, parent_code, position, label)
select $1, d.code, d.level, d.parent, d.position, d.label
  from unnest($2::text[], $3::int[], $4::text[], $5::int[], $6::jsonb[]) as d (code, level, parent, position, label)
on conflict (site_id, code) do update set
  level = excluded.level, parent_code = excluded.parent_code, position = excluded.position, label = excluded.label,
  retired_at = null`;

// Calls and figures of reports keep the disposition that they have, with its label.
const RETIRE = `
update dispositions d set level = 1, parent_code = null, retired_at = now()
 where site_id = $1 and not code = any ($2::text[]) and retired_at is null
   and (exists (select from legs l where l.site_id = d.site_id and l.disposition = d.code)
     or exists (select from report_hours r where r.site_id = d.site_id and r.disposition = d.code))`;
const DELETE = `
delete from dispositions d
 where site_id = $1 and not code = any ($2::text[])
   and not exists (select from legs l where l.site_id = d.site_id and l.disposition = d.code)
   and not exists (select from report_hours r where r.site_id = d.site_id and r.disposition = d.code)`;

/** Writes the whole tree. Codes that it does not name are deleted, or retired if a call or a report has them. */
export async function writeDispositions(
  tx: Queryable,
  siteId: string,
  { dispositions }: Dispositions,
): Promise<void> {
  const rows = rowsOf(dispositions as readonly Node[], 1, null);
  const codes = rows.map(({ code }) => code);
  const twice = codes.find((code, index) => codes.indexOf(code) !== index);
  if (twice !== undefined)
    throw new RtcDeskError('bad-message', `The code "${twice}" is there twice.`);
  await tx.query(WRITE, [
    siteId,
    codes,
    rows.map(({ level }) => level),
    rows.map(({ parent }) => parent),
    rows.map((_, position) => position),
    rows.map(({ label }) => JSON.stringify(label)),
  ]);
  await tx.query(RETIRE, [siteId, codes]);
  await tx.query(DELETE, [siteId, codes]);
}

function rowsOf(nodes: readonly Node[], level: number, parent: string | null): Row[] {
  return nodes.flatMap(({ code, label, children = [] }) => {
    if (Object.keys(label).length === 0) {
      throw new RtcDeskError('bad-message', `The disposition "${code}" has no label.`);
    }
    return [{ code, level, parent, label }, ...rowsOf(children, level + 1, code)];
  });
}

/** Rejects with `precondition-failed`, `bad-message`. */
export async function changeDispositions(
  database: Database,
  by: ChangedBy,
  { version, tree }: { version: string; tree: Dispositions },
): Promise<{ tree: Dispositions; receipts: readonly AuditReceipt[] }> {
  const { after, receipts } = await changeConfiguration<Dispositions>(database, by, {
    version,
    read: (tx) => readDispositions(tx, by.siteId),
    write: (tx) => writeDispositions(tx, by.siteId, tree),
  });
  return { tree: after ?? { dispositions: [] }, receipts };
}
