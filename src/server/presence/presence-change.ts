import { notifyAgents } from '../calls/call-change.ts';
import type { Database, Topic } from '../database/database.ts';

/** A connection that came or went, and who sees that. */
export interface PresenceChange {
  readonly site_id: string;
  /** Null for a visitor or a guest. */
  readonly agent_id: string | null;
  /** The agent's groups. */
  readonly group_ids: readonly string[];
  /** A visitor's call. */
  readonly call_id: string | null;
  /** Agents with an active leg in that call. */
  readonly call_agent_ids: readonly string[];
  /** Rooms in which the connection had a participant. */
  readonly rooms: readonly number[];
}

/** Wakes the nodes that show these people. To be called after the commit. */
export function notifyPresence(db: Database, changes: readonly PresenceChange[]): void {
  const topics = new Set<Topic>();
  for (const { site_id, agent_id, group_ids, call_id, call_agent_ids, rooms } of changes) {
    if (agent_id !== null) notifyAgents(db, [{ agent_id, site_id, group_ids }]);
    if (call_id !== null) topics.add(`call:${call_id}`);
    for (const agent of call_agent_ids) topics.add(`agent:${agent}`);
    for (const room of rooms) topics.add(`room:${room}`);
  }
  if (topics.size > 0) db.wake.notify(...topics);
}
