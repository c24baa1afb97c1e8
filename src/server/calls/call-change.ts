import type { Database, Topic } from '../database/database.ts';

/** A call that an operation moved, and whom it concerns. */
export interface CallChange {
  readonly call_id: string;
  readonly site_id: string;
  readonly group_id: string;
  readonly agent_id: string | null;
  readonly room: number | null;
}

/** Whom a change concerns besides the call's own people. */
export interface Reach {
  /** All who see the group's line: it got longer or shorter, or a call in it is held out or no longer is. */
  readonly line?: boolean;
  /** The matching: a call waits that did not, or an agent may be free who was not. */
  readonly matching?: boolean;
}

/** Wakes the nodes whose people see this call. To be called after the commit. */
export function notifyCalls(
  db: Database,
  changes: readonly CallChange[],
  { line = false, matching = false }: Reach = {},
): void {
  const topics = new Set<Topic>();
  for (const { call_id, site_id, group_id, agent_id, room } of changes) {
    topics.add(`call:${call_id}`);
    if (line) topics.add(`group:${site_id}/${group_id}`);
    if (agent_id) topics.add(`agent:${agent_id}`);
    if (room) topics.add(`room:${room}`);
    if (matching) topics.add('matching');
  }
  if (topics.size > 0) db.wake.notify(...topics);
}

/** An agent whose status or presence changed, and the groups that may now have one more, or one less. */
export interface AgentChange {
  readonly agent_id: string;
  /** `site/group` */
  readonly groups: readonly string[] | null;
}

export function notifyAgents(db: Database, changes: readonly AgentChange[]): void {
  const topics = new Set<Topic>();
  for (const { agent_id, groups } of changes) {
    topics.add(`agent:${agent_id}`);
    for (const group of groups ?? []) topics.add(`group:${group}`).add('matching');
  }
  if (topics.size > 0) db.wake.notify(...topics);
}

/** The column `groups` of an AgentChange, for the agent whose id the SQL expression names. */
export const groupsOf = (agent: string): string =>
  `(select array_agg(m.site_id || '/' || m.group_id) from agent_groups m where m.agent_id = ${agent})`;
