import { RtcDeskError } from '../../protocol/errors.ts';
import type { Queryable } from '../database/database.ts';

/** Whether a page of this origin may read the REST interface's answers. What it may do depends on its token. */
export async function isOriginOfAnySite(db: Queryable, origin: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'select from sites where $1 = any (origins) or $1 = any (crm_origins) limit 1',
    [origin],
  );
  return rowCount > 0;
}

/**
 * The only site of this installation. Rejects with `unknown-site` if there are several: then a request has to name
 * the site.
 */
export async function onlySite(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ id: string }>('select id from sites order by id limit 2', []);
  const [site] = rows;
  if (site && rows.length === 1) return site.id;
  throw new RtcDeskError(
    'unknown-site',
    site ? 'This server has several sites: name one.' : 'This server has no site yet.',
  );
}

/** What is wrong with an origin that a browser has to send in just this form; null: nothing. */
export function originFault(value: string): string | null {
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url && /^https?:$/.test(url.protocol) && url.origin === value) return null;
  return `must be an origin like https://www.example.com, not "${value}"`;
}
