import type { Database, Topic } from '../database/database.ts';

/** A call that an operation changed, and whose views show it. */
export interface CallChange {
  readonly call_id: string;
  readonly site_id: string;
  /** Null while the call has not reached a queue. */
  readonly group_id: string | null;
  /** Agents whose legs changed. */
  readonly agent_ids: readonly string[] | null;
  readonly room: number | null;
}

/** What a change concerns besides the call's own people. */
export interface ChangeScope {
  /** The group's queue: it got longer or shorter, or a call in it began or stopped being offered. */
  readonly queue?: boolean;
  /** The matching: a call waits that did not, or an agent may be free who was not. */
  readonly matching?: boolean;
}

/** Wakes the nodes whose people see these calls. To be called after the commit. */
export function notifyCalls(
  db: Database,
  changes: readonly CallChange[],
  { queue = false, matching = false }: ChangeScope = {},
): void {
  const topics = new Set<Topic>();
  for (const { call_id, site_id, group_id, agent_ids, room } of changes) {
    topics.add(`call:${call_id}`);
    if (queue && group_id !== null) topics.add(`group:${site_id}/${group_id}`);
    for (const agent of agent_ids ?? []) topics.add(`agent:${agent}`);
    if (room) topics.add(`room:${room}`);
    if (matching) topics.add(`matching:${site_id}`);
  }
  if (topics.size > 0) db.wake.notify(...topics);
}

/** An agent whose status or presence changed, and the groups that may now have one agent more or less. */
export interface AgentChange {
  readonly agent_id: string;
  readonly site_id: string;
  readonly group_ids: readonly string[] | null;
}

/** Wakes the nodes that show these agents, and the matching. To be called after the commit. */
export function notifyAgents(db: Database, changes: readonly AgentChange[]): void {
  const topics = new Set<Topic>();
  for (const { agent_id, site_id, group_ids } of changes) {
    topics.add(`agent:${agent_id}`);
    for (const group of group_ids ?? []) {
      topics.add(`group:${site_id}/${group}`).add(`matching:${site_id}`);
    }
  }
  if (topics.size > 0) db.wake.notify(...topics);
}
