import type { AgentView, TodayView } from '../../protocol/views.ts';
import type { Topic } from '../database/database.ts';
import type { Tickets } from '../rooms/tickets.ts';
import { legView, type LegRow } from './agent-legs.ts';
import { agentStatus } from './agent-status.ts';
import type { AgentRow } from './read-agents.ts';
import type { QueueRow } from './read-queues.ts';

export interface AgentViewParts {
  readonly agent: AgentRow;
  readonly today: TodayView;
  readonly queue: QueueRow;
}

/** Puts an agent's view together from its parts. `legs` have tickets for the active tab only. */
export async function agentView(
  { agent, today, queue }: AgentViewParts,
  legs: readonly LegRow[],
  tickets: Tickets,
): Promise<AgentView> {
  const { status, since } = agentStatus({
    chosen: agent.status,
    chosenSince: agent.status_since,
    legs,
  });
  return {
    role: 'agent',
    agent: {
      id: agent.id,
      username: agent.username,
      name: agent.name,
      role: agent.role,
      site: agent.site,
      groups: agent.groups,
    },
    status,
    statusSince: since,
    statusReason: agent.status_reason,
    chosen: agent.status,
    missedInRow: agent.missed_in_row,
    activeTab: agent.tabs.some(({ id, active }) => id === agent.connection && active),
    tabs: agent.tabs.length,
    legs: await Promise.all(legs.map((leg) => legView(leg, tickets, agent.now, agent.site.media))),
    waiting: queue.waiting,
    queues: queue.queues,
    today,
  };
}

/** After a notice of one of these the agent's view has to be read again. */
export function topicsOfAgent({ id, site, groups, legs }: AgentRow): Set<Topic> {
  const topics = new Set<Topic>([`agent:${id}`]);
  for (const group of groups) topics.add(`group:${site.id}/${group.id}`);
  for (const leg of legs) {
    topics.add(`call:${leg.call.id}`);
    for (const { number } of leg.rooms) topics.add(`room:${number}`);
  }
  return topics;
}
