import { RtcDeskError } from '../../protocol/errors.ts';
import type {
  SkillGroupMembers,
  SkillGroupMembersChange,
} from '../../protocol/rest/skill-groups.ts';
import type { AgentRole } from '../../protocol/agent-view.ts';
import type { AuditReceipt } from '../audit/write-audit.ts';
import type { Database, Queryable } from '../database/database.ts';
import { mayChangeRole } from '../identity/permissions.ts';
import type { AgentChanger } from './change-agent.ts';
import { changeConfiguration } from './change-configuration.ts';

/** Who is in a group, and with which level: the value whose version clients compare. */
interface MemberLevels {
  readonly members: readonly {
    readonly id: string;
    readonly username: string;
    readonly level: number;
  }[];
}

export const memberLevels = ({ members }: SkillGroupMembers): MemberLevels => ({
  members: members.map(({ id, username, level }) => ({ id, username, level })),
});

const READ = `
select g.id,
       coalesce((select json_agg(json_build_object('id', a.id, 'username', a.username, 'name', a.name,
                                                   'disabled', a.disabled_at is not null, 'level', m.level)
                                 order by a.username)
                   from memberships m join agents a on a.id = m.agent_id
                  where m.site_id = g.site_id and m.group_id = g.id), '[]') as members
  from skill_groups g where g.site_id = $1 and g.id = $2 and ($3::text[] is null or g.id = any ($3))`;

async function findMembers(
  db: Queryable,
  siteId: string,
  groups: readonly string[] | null,
  id: string,
): Promise<SkillGroupMembers | null> {
  const { rows } = await db.query<SkillGroupMembers>(READ, [siteId, id, groups]);
  return rows[0] ? { members: rows[0].members } : null;
}

/** Rejects with `not-found`. */
export async function readMembers(
  db: Queryable,
  siteId: string,
  groups: readonly string[] | null,
  id: string,
): Promise<SkillGroupMembers> {
  const members = await findMembers(db, siteId, groups, id);
  if (!members) throw new RtcDeskError('not-found', 'Your site has no such skill group.');
  return members;
}

const WRITE = `
with given as (select * from unnest($3::uuid[], $4::int[]) as m (agent_id, level)),
gone as (
  delete from memberships m
   where m.site_id = $1 and m.group_id = $2 and not exists (select from given g where g.agent_id = m.agent_id))
insert into memberships (agent_id, site_id, group_id, level)
select g.agent_id, $1, $2, g.level from given g
on conflict (agent_id, group_id) do update set level = excluded.level`;

/**
 * Makes these agents the members of a group, and nobody else. An admin changes the membership of agents below the own
 * role and the own one. Rejects with `not-found`, `precondition-failed`, `forbidden`, `bad-message`.
 */
export async function changeMembers(
  database: Database,
  by: AgentChanger,
  {
    id,
    version,
    members,
  }: { id: string; version: string; members: SkillGroupMembersChange['members'] },
): Promise<{ members: SkillGroupMembers; receipts: readonly AuditReceipt[] }> {
  const { siteId } = by;
  let changed: readonly string[] = [];
  const { receipts } = await changeConfiguration<MemberLevels>(database, by, {
    subject: `group:${id}`,
    version,
    read: async (tx) => {
      const found = await findMembers(tx, siteId, null, id);
      return found && memberLevels(found);
    },
    write: async (tx, before) => {
      changed = changedMembers(before?.members ?? [], members);
      await requireAgents(tx, by, changed);
      const ids = members.map((member) => member.id);
      await tx.query(WRITE, [siteId, id, ids, members.map(({ level }) => level)]);
    },
  });
  database.wake.notify(
    `matching:${siteId}`,
    `group:${siteId}/${id}`,
    ...changed.map((agent) => `agent:${agent}` as const),
  );
  return { members: await readMembers(database, siteId, null, id), receipts };
}

interface Member {
  readonly id: string;
  readonly level: number;
}

/** Agents who are added or removed, or get another level. Throws `bad-message` for an agent who is named twice. */
function changedMembers(before: readonly Member[], after: readonly Member[]): string[] {
  const was = new Map(before.map(({ id, level }) => [id, level]));
  const is = new Map(after.map(({ id, level }) => [id, level]));
  if (is.size < after.length) throw new RtcDeskError('bad-message', 'An agent is named twice.');
  return [...new Set([...was.keys(), ...is.keys()])].filter((id) => was.get(id) !== is.get(id));
}

async function requireAgents(
  tx: Queryable,
  by: AgentChanger,
  ids: readonly string[],
): Promise<void> {
  const { rows } = await tx.query<{ id: string; role: AgentRole }>(
    'select id, role from agents where site_id = $1 and id = any ($2::uuid[])',
    [by.siteId, ids],
  );
  if (rows.length < ids.length)
    throw new RtcDeskError('bad-message', 'The site has no such agent.');
  const refused = rows.find(
    ({ id, role }) => id !== by.agentId && !mayChangeRole(by.credential, role),
  );
  if (!refused) return;
  throw new RtcDeskError('forbidden', `You may not change an agent of the role ${refused.role}.`);
}
