import { randomUUID } from 'node:crypto';
import { disableAgents, notifyDisabled } from '../agents/disable-agents.ts';
import type { AuditReceipt } from '../audit/write-audit.ts';
import { writeAudit } from '../audit/write-audit.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { AgentAccount, AgentChange, NewAgent } from '../../protocol/rest/agents.ts';
import { RestError } from '../../protocol/rest/rest-error.ts';
import type { Database, Queryable } from '../database/database.ts';
import type { Caller } from '../identity/caller.ts';
import { clearSecondFactor } from '../identity/enrol-second-factor.ts';
import { clearPassword, writePasswordLink } from '../identity/password-link.ts';
import { mayChangeRole } from '../identity/permissions.ts';
import {
  agentSettings,
  findAgentAccount,
  readAgentAccount,
  type AgentSettings,
} from './agent-accounts.ts';
import { changeConfiguration, type ChangedBy } from './change-configuration.ts';
import { requireGroups } from './require-groups.ts';

/** Who changes agents: by the role, only those below. */
export type AgentChanger = ChangedBy & Pick<Caller, 'credential' | 'agentId'>;

/** The code of a password link, and until when it is valid. */
export interface LinkCode {
  readonly code: string;
  readonly expiresAt: number;
}

const INSERT = `
insert into agents (id, site_id, username, name, role) values ($1, $2, $3, $4, $5)
on conflict (site_id, username) do nothing`;

const WRITE_MEMBERSHIPS = `
with written as (
  insert into memberships (agent_id, site_id, group_id, level)
  select $1, $2, m.group_id, m.level from unnest($3::text[], $4::int[]) as m (group_id, level)
  on conflict (agent_id, group_id) do update set level = excluded.level)
delete from memberships where agent_id = $1 and not group_id = any ($3::text[])`;

/** Makes an agent without a password. Rejects with `forbidden`, `taken`, `bad-message`. */
export async function makeAgent(
  database: Database,
  by: AgentChanger,
  { username, name, role = 'agent', groups = [], link = true }: NewAgent,
): Promise<{ agent: AgentAccount; link: LinkCode | null; receipts: readonly AuditReceipt[] }> {
  requireRole(by, role);
  const id = randomUUID();
  let code: LinkCode | null = null;
  const { receipts } = await changeConfiguration<AgentSettings>(database, by, {
    subject: `agent:${id}`,
    read: async (tx) => settingsOf(await findAgentAccount(tx, by.siteId, null, id)),
    write: async (tx) => {
      const values = [id, by.siteId, username, name.trim(), role];
      const { rowCount } = await tx.query(INSERT, values);
      if (rowCount === 0) {
        throw new RestError('taken', 'There is an agent with this username already.');
      }
      await writeMemberships(tx, by.siteId, id, groups);
      code = link ? await writePasswordLink(tx, id) : null;
    },
  });
  notifyAgent(database, by.siteId, id, groups);
  return { agent: await readAgentAccount(database, by.siteId, null, id), link: code, receipts };
}

/**
 * Changes an agent. Nobody changes the own role or disables themselves; admins change those below them. Rejects with
 * `forbidden`, `not-found`, `precondition-failed`, `conflict` (the last owner), `bad-message`.
 */
export async function changeAgent(
  database: Database,
  by: AgentChanger,
  { id, version, change }: { id: string; version: string; change: AgentChange },
): Promise<{ agent: AgentAccount; receipts: readonly AuditReceipt[] }> {
  let disabled: readonly string[] = [];
  let groups: AgentSettings['groups'] = [];
  const { receipts } = await changeConfiguration<AgentSettings>(database, by, {
    subject: `agent:${id}`,
    version,
    read: async (tx) => settingsOf(await findAgentAccount(tx, by.siteId, null, id)),
    allow: async (_, before) => requireChange(by, id, before, change),
    write: async (tx, before) => {
      if (!before) return;
      const { name = before.name, role = before.role } = change;
      await tx.query('update agents set name = $2, role = $3 where id = $1', [
        id,
        name.trim(),
        role,
      ]);
      if (change.groups) await writeMemberships(tx, by.siteId, id, change.groups);
      groups = [...before.groups, ...(change.groups ?? [])];
      const written: AuditReceipt[] = [];
      if (change.disabled !== undefined && change.disabled !== before.disabled) {
        if (change.disabled) disabled = await disableAgents(tx, [id]);
        else await tx.query('update agents set disabled_at = null where id = $1', [id]);
        written.push(
          await writeAudit(tx, {
            site: by.siteId,
            type: change.disabled ? 'agent-disabled' : 'agent-enabled',
            actor: by.actor,
            address: by.address,
            subject: `agent:${id}`,
          }),
        );
      }
      await requireAnOwner(tx, by.siteId, before);
      return written;
    },
  });
  notifyAgent(database, by.siteId, id, groups);
  await notifyDisabled(database, disabled);
  return { agent: await readAgentAccount(database, by.siteId, null, id), receipts };
}

/** Makes a password link for an agent whose password and sessions end now. Rejects with `forbidden`, `not-found`. */
export async function orderPasswordLink(
  database: Database,
  by: AgentChanger,
  { id, removeSecondFactor = false }: { id: string; removeSecondFactor?: boolean | undefined },
): Promise<{ link: LinkCode; receipts: readonly AuditReceipt[] }> {
  const made = await database.transaction(async (tx) => {
    const agent = await readAgentAccount(tx, by.siteId, null, id);
    if (id === by.agentId) {
      throw new RtcDeskError('forbidden', 'Change your own password with the present one.');
    }
    requireRole(by, agent.role);
    if (agent.disabled) throw new RtcDeskError('conflict', 'The agent is disabled.');
    await clearPassword(tx, id, removeSecondFactor);
    const link = await writePasswordLink(tx, id);
    const receipt = await writeAudit(tx, {
      site: by.siteId,
      type: 'password-reset',
      actor: by.actor,
      address: by.address,
      subject: `agent:${id}`,
      after: { secondFactorRemoved: removeSecondFactor },
    });
    return { link, receipts: [receipt] };
  });
  database.wake.notify(`sessions:${id}`);
  return made;
}

/**
 * Takes off the second factor of another agent, who has lost the app and the recovery codes. The sessions end. Rejects
 * with `forbidden`, `not-found`, and `conflict` without a second factor.
 */
export async function removeAgentSecondFactor(
  database: Database,
  by: AgentChanger,
  id: string,
): Promise<readonly AuditReceipt[]> {
  const receipt = await database.transaction(async (tx) => {
    const agent = await readAgentAccount(tx, by.siteId, null, id);
    if (id === by.agentId) {
      throw new RtcDeskError('forbidden', 'Remove your own second factor with a code.');
    }
    requireRole(by, agent.role);
    if (!(await clearSecondFactor(tx, id))) {
      throw new RtcDeskError('conflict', 'The agent has no second factor.');
    }
    await tx.query('delete from agent_sessions where agent_id = $1', [id]);
    return writeAudit(tx, {
      site: by.siteId,
      type: 'second-factor-removed',
      actor: by.actor,
      address: by.address,
      subject: `agent:${id}`,
    });
  });
  database.wake.notify(`sessions:${id}`);
  return [receipt];
}

const settingsOf = (account: AgentAccount | null): AgentSettings | null =>
  account && agentSettings(account);

function requireRole({ credential }: AgentChanger, role: AgentSettings['role']): void {
  if (mayChangeRole(credential, role)) return;
  throw new RtcDeskError('forbidden', `You may not make or change an agent of the role ${role}.`);
}

/** An agent may change their own name and groups here, if the role may change agents at all. */
function requireChange(
  by: AgentChanger,
  id: string,
  before: AgentSettings,
  { role = before.role, disabled = before.disabled }: AgentChange,
): void {
  if (id !== by.agentId) {
    requireRole(by, before.role);
    requireRole(by, role);
  } else if (role !== before.role || disabled) {
    throw new RtcDeskError('forbidden', 'You may not change your own role, nor disable yourself.');
  }
}

async function writeMemberships(
  tx: Queryable,
  siteId: string,
  id: string,
  groups: AgentSettings['groups'],
): Promise<void> {
  const ids = groups.map((group) => group.id);
  await requireGroups(tx, siteId, ids);
  await tx.query(WRITE_MEMBERSHIPS, [id, siteId, ids, groups.map(({ level }) => level)]);
}

/** A site that had an owner keeps one. */
async function requireAnOwner(tx: Queryable, siteId: string, before: AgentSettings): Promise<void> {
  if (before.role !== 'owner' || before.disabled) return;
  const { rowCount } = await tx.query(
    `select from agents where site_id = $1 and role = 'owner' and disabled_at is null limit 1`,
    [siteId],
  );
  if (rowCount === 0) throw new RtcDeskError('conflict', 'A site keeps at least one owner.');
}

function notifyAgent(
  database: Database,
  siteId: string,
  id: string,
  groups: AgentSettings['groups'],
): void {
  database.wake.notify(
    `agent:${id}`,
    `matching:${siteId}`,
    ...groups.map((group) => `group:${siteId}/${group.id}` as const),
  );
}
