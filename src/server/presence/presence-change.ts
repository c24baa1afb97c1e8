import type { Database, Topic } from '../database/database.ts';

/** A connection that came or went, and who sees it. */
export interface PresenceChange {
  /** Null for a visitor or guest. */
  readonly agent_id: string | null;
  /** The agent's groups, as `site/group`. */
  readonly groups: readonly string[];
  /** A visitor's call. */
  readonly call_id: string | null;
  /** The agents who have an active leg in that call. */
  readonly call_agents: readonly string[];
  /** The rooms in which the connection had a participant. */
  readonly rooms: readonly number[];
}

/** Tells everybody who sees it. To be called after the commit. */
export function notifyPresence(db: Database, changes: readonly PresenceChange[]): void {
  const topics = new Set<Topic>();
  for (const { agent_id, groups, call_id, call_agents, rooms } of changes) {
    if (agent_id !== null) topics.add(`agent:${agent_id}`);
    for (const group of groups) {
      topics.add(`group:${group}`).add(`matching:${group.slice(0, group.indexOf('/'))}`);
    }
    if (call_id !== null) topics.add(`call:${call_id}`);
    for (const agent of call_agents) topics.add(`agent:${agent}`);
    for (const room of rooms) topics.add(`room:${room}`);
  }
  if (topics.size > 0) db.wake.notify(...topics);
}
