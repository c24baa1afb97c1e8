import { RtcDeskError } from '../../protocol/errors.ts';
import type {
  CannedReply,
  CannedReplyChange,
  NewCannedReply,
} from '../../protocol/rest/canned-replies.ts';
import { RestError } from '../../protocol/rest/rest-error.ts';
import type { Reach } from '../../protocol/rest/permissions.ts';
import type { AuditReceipt } from '../audit/write-audit.ts';
import type { Picture } from '../chat/encode-picture.ts';
import type { Database, Queryable } from '../database/database.ts';
import { changeConfiguration, type ChangedBy } from './change-configuration.ts';
import { paged, pageOf, pageValues, searchPattern, type Page, type PageRequest } from './page.ts';

/** Whose replies are read: those of the site, of `groups` (null: of all groups), and the agent's own. */
export interface ReplyReader {
  readonly siteId: string;
  readonly groups: readonly string[] | null;
  readonly agentId: string | null;
}

/** Who changes replies: the own ones; those of the own groups too; or all but the personal ones of others. */
export interface ReplyChanger extends ChangedBy, ReplyReader {
  readonly reach: Reach;
}

/** At the desk everybody has the replies of the site, of the groups of which they are a member, and their own. */
export async function deskReplyReader(db: Queryable, agentId: string): Promise<ReplyReader> {
  const { rows } = await db.query<ReplyReader>(
    `select site_id as "siteId", id as "agentId",
            array(select m.group_id from memberships m where m.agent_id = a.id) as groups
       from agents a where id = $1`,
    [agentId],
  );
  if (!rows[0]) throw new RtcDeskError('unauthorized', 'The agent was deleted.');
  return rows[0];
}

const REPLY = `
  r.id, r.scope, r.group_id as "group", r.agent_id as agent, r.shortcut, r.language, r.text,
  case when r.picture is not null
       then json_build_object('width', r.picture_width, 'height', r.picture_height) end as picture`;
// The reader is ($2, $3): the groups and the agent.
const READ = `
select ${REPLY} from canned_replies r
 where r.site_id = $1 and r.id = $4
   and (r.scope = 'site' or r.agent_id = $3
        or (r.scope = 'group' and ($2::text[] is null or r.group_id = any ($2))))`;

async function findReply(
  db: Queryable,
  reader: ReplyReader,
  id: string,
): Promise<CannedReply | null> {
  const { siteId, groups, agentId } = reader;
  const { rows } = await db.query<CannedReply>(READ, [siteId, groups, agentId, id]);
  return rows[0] ?? null;
}

/** Rejects with `not-found`. */
export async function readReply(
  db: Queryable,
  reader: ReplyReader,
  id: string,
): Promise<CannedReply> {
  const reply = await findReply(db, reader, id);
  if (!reply) throw new RtcDeskError('not-found', 'There is no such canned reply.');
  return reply;
}

const LIST = paged(`
  select ${REPLY}, lower(r.shortcut) as sort_key, r.id::text as sort_id
    from canned_replies r
   where r.site_id = $6 and $5::text is not null
     and (r.scope = 'site' or r.agent_id = $8
          or (r.scope = 'group' and ($7::text[] is null or r.group_id = any ($7))))
     and ($9::text is null or r.shortcut ilike $9 or r.text ilike $9)
     and ($10::text is null or r.scope = $10) and ($11::text is null or r.group_id = $11)
     and ($12::text is null or r.language is null or r.language = $12)`);
const ORDER = 'shortcut';

export interface ReplyFilter extends PageRequest {
  readonly q?: string | undefined;
  readonly scope?: string | undefined;
  readonly group?: string | undefined;
  readonly language?: string | undefined;
}

export async function listReplies(
  db: Queryable,
  { siteId, groups, agentId }: ReplyReader,
  filter: ReplyFilter,
): Promise<Page<CannedReply>> {
  const { rows } = await db.query<CannedReply & { sort_key: string; sort_id: string }>(LIST, [
    ...pageValues(filter, ORDER),
    siteId,
    groups,
    agentId,
    searchPattern(filter.q),
    filter.scope ?? null,
    filter.group ?? null,
    filter.language ?? null,
  ]);
  return pageOf(rows, filter, ORDER);
}

const INSERT = `
insert into canned_replies (id, site_id, scope, agent_id, group_id, shortcut, language, text)
select $1, $2, $3, $4, $5, $6, $7, $8
 where $5::text is null or exists (select from skill_groups g where g.site_id = $2 and g.id = $5)
on conflict do nothing`;

/** Rejects with `forbidden`, `taken`, `bad-message`. */
export async function makeReply(
  database: Database,
  by: ReplyChanger,
  id: string,
  { scope, group, shortcut, language = null, text }: NewCannedReply,
): Promise<{ reply: CannedReply; receipts: readonly AuditReceipt[] }> {
  if ((scope === 'group') !== (group !== undefined)) {
    throw new RtcDeskError(
      'bad-message',
      'The scope `group` needs a group, and no other scope has one.',
    );
  }
  requireMayChange(by, { scope, group: group ?? null, agent: by.agentId });
  const values = [id, by.siteId, scope, scope === 'personal' ? by.agentId : null, group ?? null];
  const { after, receipts } = await changeConfiguration<CannedReply>(database, by, {
    subject: `canned-reply:${id}`,
    read: (tx) => findReply(tx, by, id),
    write: async (tx) => {
      const { rowCount } = await tx.query(INSERT, [...values, shortcut, language, text]);
      if (rowCount > 0) return;
      const known = await tx.query('select from skill_groups where site_id = $1 and id = $2', [
        by.siteId,
        group ?? null,
      ]);
      if (group !== undefined && known.rowCount === 0) {
        throw new RtcDeskError('bad-message', `The site has no group "${group}".`);
      }
      throw taken();
    },
  });
  if (!after) throw new Error('The canned reply was not stored.');
  return { reply: after, receipts };
}

const UPDATE = `
update canned_replies r set
  shortcut = coalesce($2, shortcut), language = case when $3 then $4 else language end, text = coalesce($5, text)
 where id = $1
   and not exists (
     select from canned_replies o
      where o.id <> r.id and o.site_id = r.site_id and o.scope = r.scope
        and o.agent_id is not distinct from r.agent_id and o.group_id is not distinct from r.group_id
        and o.shortcut = coalesce($2, r.shortcut)
        and o.language is not distinct from case when $3 then $4 else r.language end)`;

/** Rejects with `not-found`, `precondition-failed`, `forbidden`, `taken`. */
export function changeReply(
  database: Database,
  by: ReplyChanger,
  { id, version, change }: { id: string; version: string; change: CannedReplyChange },
): Promise<{ reply: CannedReply; receipts: readonly AuditReceipt[] }> {
  const { shortcut = null, language, text = null } = change;
  return changeWith(database, by, { id, version }, async (tx) => {
    const values = [id, shortcut, language !== undefined, language ?? null, text];
    const { rowCount } = await tx.query(UPDATE, values);
    if (rowCount === 0) throw taken();
  });
}

/** For a route that has costly work to do before the change. Rejects with `not-found`, `forbidden`. */
export async function checkMayChangeReply(
  db: Queryable,
  by: ReplyChanger,
  id: string,
): Promise<void> {
  requireMayChange(by, await readReply(db, by, id));
}

const SET_PICTURE = `
update canned_replies set picture = $2, picture_width = $3, picture_height = $4 where id = $1`;

/** Null takes the picture away. Rejects with `not-found`, `precondition-failed`, `forbidden`. */
export function changeReplyPicture(
  database: Database,
  by: ReplyChanger,
  { id, version, picture }: { id: string; version: string; picture: Picture | null },
): Promise<{ reply: CannedReply; receipts: readonly AuditReceipt[] }> {
  return changeWith(database, by, { id, version }, async (tx) => {
    const { bytes = null, width = null, height = null } = picture ?? {};
    await tx.query(SET_PICTURE, [id, bytes, width, height]);
  });
}

/** Rejects with `not-found`, `precondition-failed`, `forbidden`. */
export async function deleteReply(
  database: Database,
  by: ReplyChanger,
  { id, version }: { id: string; version: string },
): Promise<readonly AuditReceipt[]> {
  const { receipts } = await changeConfiguration<CannedReply>(database, by, {
    subject: `canned-reply:${id}`,
    version,
    read: (tx) => findReply(tx, by, id),
    allow: async (_, before) => requireMayChange(by, before),
    write: async (tx) => {
      await tx.query('delete from canned_replies where id = $1', [id]);
    },
  });
  return receipts;
}

/** WebP. Rejects with `not-found`. */
export async function readReplyPicture(
  db: Queryable,
  reader: ReplyReader,
  id: string,
): Promise<Buffer> {
  await readReply(db, reader, id);
  const { rows } = await db.query<{ picture: Buffer | Uint8Array | null }>(
    'select picture from canned_replies where id = $1',
    [id],
  );
  const picture = rows[0]?.picture;
  if (!picture) throw new RtcDeskError('not-found', 'The canned reply has no picture.');
  return Buffer.from(picture);
}

async function changeWith(
  database: Database,
  by: ReplyChanger,
  { id, version }: { id: string; version: string },
  write: (tx: Queryable) => Promise<void>,
): Promise<{ reply: CannedReply; receipts: readonly AuditReceipt[] }> {
  const { after, receipts } = await changeConfiguration<CannedReply>(database, by, {
    subject: `canned-reply:${id}`,
    version,
    read: (tx) => findReply(tx, by, id),
    allow: async (_, before) => requireMayChange(by, before),
    write,
  });
  if (!after) throw new Error('The canned reply is gone.');
  return { reply: after, receipts };
}

function requireMayChange(
  { reach, groups, agentId }: ReplyChanger,
  { scope, group, agent }: Pick<CannedReply, 'scope' | 'group' | 'agent'>,
): void {
  const may =
    scope === 'personal'
      ? agentId !== null && agent === agentId
      : reach === 'site' ||
        (scope === 'group' && reach === 'groups' && group !== null && groups?.includes(group));
  if (!may)
    throw new RtcDeskError('forbidden', `You may not change canned replies of the ${scope}.`);
}

function taken(): RestError {
  return new RestError(
    'taken',
    'There is a canned reply with this shortcut, scope and language already.',
  );
}
