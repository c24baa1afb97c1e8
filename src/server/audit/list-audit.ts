import { RtcDeskError } from '../../protocol/errors.ts';
import type { AuditPage, AuditRow } from '../../protocol/rest/audit.ts';
import { PAGE_ITEMS } from '../../protocol/rest/paging.ts';
import type { Queryable } from '../database/database.ts';
import { ms } from '../views/view-columns.ts';

export interface AuditFilter {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
  /** Ms since 1970. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly type?: string | undefined;
  readonly agent?: string | undefined;
  readonly subject?: string | undefined;
}

const LIST = `
select a.sequence::int, ${ms('a.at')} as at, a.type,
       json_build_object('kind', a.actor, 'id', a.agent_id, 'name', coalesce(g.username, a.actor_name)) as actor,
       a.address, a.subject,
       case when a.subject ~ '^agent:[0-9a-f-]{36}$' then
         (select s.username from agents s where s.site_id = a.site_id and s.id::text = substr(a.subject, 7)) end
         as "subjectName",
       a.before, a.after
  from audit a left join agents g on g.id = a.agent_id
 where a.site_id = $1 and ($2::bigint is null or a.sequence < $2)
   and ($3::float8 is null or a.at >= to_timestamp($3 / 1000))
   and ($4::float8 is null or a.at < to_timestamp($4 / 1000))
   and ($5::text is null or a.type = $5) and ($6::uuid is null or a.agent_id = $6)
   and ($7::text is null or a.subject = $7)
 order by a.sequence desc limit $8`;

/** Later than any row, and within what PostgreSQL's timestamps hold. */
const END_OF_TIME_MS = Date.UTC(9999, 0, 1);

/** The newest come first. Rejects with `bad-message` for a wrong cursor. */
export async function listAudit(
  db: Queryable,
  siteId: string,
  { limit = PAGE_ITEMS, cursor, from, to, type, agent, subject }: AuditFilter,
): Promise<AuditPage> {
  const { rows } = await db.query<AuditRow>(LIST, [
    siteId,
    cursor === undefined ? null : readCursor(cursor),
    from === undefined ? null : Math.min(from, END_OF_TIME_MS),
    to === undefined ? null : Math.min(to, END_OF_TIME_MS),
    type ?? null,
    agent ?? null,
    subject ?? null,
    limit + 1,
  ]);
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  return {
    items,
    cursor: last ? Buffer.from(String(last.sequence)).toString('base64url') : null,
  };
}

function readCursor(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new RtcDeskError('bad-message', 'The cursor is not from a page of this list.');
}
