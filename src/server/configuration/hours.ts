import { RtcDeskError } from '../../protocol/errors.ts';
import type { Hours, HoursChange, NewHours, OpenState } from '../../protocol/rest/hours.ts';
import { RestError } from '../../protocol/rest/rest-error.ts';
import type { AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { changeConfiguration, type ChangedBy } from './change-configuration.ts';
import { paged, pageOf, pageValues, searchPattern, type Page, type PageRequest } from './page.ts';
import { checkSchedule, type Schedule } from './schedule.ts';

/** Hours as they are configured: the value whose version clients compare. */
export type HoursSettings = Omit<Hours, 'groups' | 'openNow'>;

export const hoursSettings = ({ groups: _, openNow: __, ...settings }: Hours): HoursSettings =>
  settings;

/** Who may change hours: with `groups` only if all groups that use them are among these, and at least one does. */
export interface HoursChanger extends ChangedBy {
  readonly groups: readonly string[] | null;
}

const HOURS = `
  h.id, h.name, h.schedule ->> 'timeZone' as "timeZone", h.schedule -> 'open' as open,
  h.schedule -> 'exceptions' as exceptions,
  array(select g.id from skill_groups g where g.site_id = h.site_id and g.hours = h.id order by g.position, g.id)
    as groups,
  is_open(h.schedule, s.time_zone, now()) as "openNow"`;

const READ = `
select ${HOURS} from hours h join sites s on s.id = h.site_id where h.site_id = $1 and h.id = $2`;

async function findHours(db: Queryable, siteId: string, id: string): Promise<Hours | null> {
  const { rows } = await db.query<Hours>(READ, [siteId, id]);
  return rows[0] ?? null;
}

/** Rejects with `not-found`. */
export async function readHours(db: Queryable, siteId: string, id: string): Promise<Hours> {
  const hours = await findHours(db, siteId, id);
  if (!hours) throw new RtcDeskError('not-found', 'Your site has no such hours.');
  return hours;
}

const LIST = paged(`
  select ${HOURS}, lower(h.name) as sort_key, h.id as sort_id
    from hours h join sites s on s.id = h.site_id
   where h.site_id = $6 and $5::text is not null and ($7::text is null or h.name ilike $7 or h.id ilike $7)`);
const ORDER = 'name';

export async function listHours(
  db: Queryable,
  siteId: string,
  request: PageRequest & { readonly q?: string | undefined },
): Promise<Page<Hours>> {
  const { rows } = await db.query<Hours & { sort_key: string; sort_id: string }>(LIST, [
    ...pageValues(request, ORDER),
    siteId,
    searchPattern(request.q),
  ]);
  return pageOf(rows, request, ORDER);
}

/** Rejects with `taken`, `bad-message`. */
export async function makeHours(
  database: Database,
  by: ChangedBy,
  { id, name, timeZone = null, open = [], exceptions = [] }: NewHours,
): Promise<{ hours: Hours; receipts: readonly AuditReceipt[] }> {
  const { siteId } = by;
  const { receipts } = await changeConfiguration<HoursSettings>(database, by, {
    subject: `hours:${id}`,
    read: (tx) => readSettings(tx, siteId, id),
    write: async (tx) => {
      const { rowCount } = await tx.query(
        `insert into hours (site_id, id, name, schedule) values ($1, $2, $3, $4)
         on conflict (site_id, id) do nothing`,
        [siteId, id, name.trim(), scheduleJson({ timeZone, open, exceptions })],
      );
      if (rowCount === 0) throw new RestError('taken', 'There are hours with this id already.');
    },
  });
  return { hours: await readHours(database, siteId, id), receipts };
}

/** Rejects with `not-found`, `precondition-failed`, `forbidden`, `bad-message`. */
export async function changeHours(
  database: Database,
  by: HoursChanger,
  { id, version, change }: { id: string; version: string; change: HoursChange },
): Promise<{ hours: Hours; receipts: readonly AuditReceipt[] }> {
  const { siteId } = by;
  const { receipts } = await changeConfiguration<HoursSettings>(database, by, {
    subject: `hours:${id}`,
    version,
    read: (tx) => readSettings(tx, siteId, id),
    allow: async (tx) => requireOwnGroups(by, await readHours(tx, siteId, id)),
    write: async (tx, before) => {
      if (!before) return;
      const { name, ...schedule } = { ...before, ...change };
      await tx.query('update hours set name = $3, schedule = $4 where site_id = $1 and id = $2', [
        siteId,
        id,
        name.trim(),
        scheduleJson(schedule),
      ]);
    },
  });
  return { hours: await readHours(database, siteId, id), receipts };
}

/** Rejects with `not-found`, `precondition-failed`, and `in-use` while a group uses them. */
export async function deleteHours(
  database: Database,
  by: ChangedBy,
  { id, version }: { id: string; version: string },
): Promise<readonly AuditReceipt[]> {
  const { siteId } = by;
  const { receipts } = await changeConfiguration<HoursSettings>(database, by, {
    subject: `hours:${id}`,
    version,
    read: (tx) => readSettings(tx, siteId, id),
    write: async (tx) => {
      const { groups } = await readHours(tx, siteId, id);
      if (groups[0] !== undefined) {
        throw new RestError('in-use', `The group "${groups[0]}" uses these hours.`);
      }
      await tx.query('delete from hours where site_id = $1 and id = $2', [siteId, id]);
    },
  });
  return receipts;
}

const IS_OPEN = `
select is_open(h.schedule, s.time_zone, to_timestamp($3::float8 / 1000)) as open
  from hours h join sites s on s.id = h.site_id where h.site_id = $1 and h.id = $2`;

/** Whether hours are open at a time (ms since 1970). Rejects with `not-found`. */
export async function readOpenState(
  db: Queryable,
  siteId: string,
  id: string,
  at: number,
): Promise<OpenState> {
  const { rows } = await db.query<{ open: boolean }>(IS_OPEN, [siteId, id, at]);
  if (!rows[0]) throw new RtcDeskError('not-found', 'Your site has no such hours.');
  return { at, open: rows[0].open };
}

function requireOwnGroups({ groups }: HoursChanger, hours: Hours): void {
  if (groups === null) return;
  if (hours.groups.length > 0 && hours.groups.every((id) => groups.includes(id))) return;
  throw new RtcDeskError('forbidden', 'Other groups than your own use these hours.');
}

async function readSettings(
  tx: Queryable,
  siteId: string,
  id: string,
): Promise<HoursSettings | null> {
  const hours = await findHours(tx, siteId, id);
  return hours && hoursSettings(hours);
}

/** Throws `bad-message`. */
function scheduleJson({ timeZone, open, exceptions }: Schedule): string {
  const fault = checkSchedule({ timeZone, open, exceptions });
  if (fault !== null) throw new RtcDeskError('bad-message', fault);
  return JSON.stringify({ timeZone, open, exceptions });
}
