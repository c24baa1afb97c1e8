import type { AgentView } from '../../protocol/views.ts';
import type { Topic } from '../database/database.ts';
import { agentStatus } from './agent-status.ts';
import type { Line } from './read-queues.ts';
import type { OwnPart } from './read-own-parts.ts';

/** Puts a view together out of what is the agent's own and the line that they see. */
export function agentView({ agent, tab, ticket, day }: OwnPart, line: Line): AgentView {
  const { status, since } = agentStatus({
    chosen: agent.status,
    chosenSince: agent.status_since,
    ringingSince: agent.offer?.offeredAt ?? null,
    busySince: agent.call?.acceptedAt ?? null,
    wrapUpSince: agent.wrap_up?.ended.at ?? null,
  });
  return {
    role: 'agent',
    agent: {
      id: agent.id,
      username: agent.username,
      name: agent.name,
      site: agent.site,
      groups: agent.groups,
    },
    status,
    statusSince: since,
    chosen: agent.status,
    missedInRow: agent.missed_in_row,
    inCharge: tab?.inCharge ?? false,
    tabs: agent.tabs.length,
    offer: agent.offer,
    call: agent.call && { ...agent.call, ticket },
    wrapUp: agent.wrap_up,
    waiting: line.waiting,
    today: day.view,
  };
}

/** The changes after which the agent's view has to be read again. */
export function topicsOfAgent({ agent: { id, site, groups, offer, call } }: OwnPart): Set<Topic> {
  const topics = new Set<Topic>([`agent:${id}`]);
  for (const group of groups) topics.add(`group:${site.id}/${group.id}`);
  if (offer) topics.add(`call:${offer.callId}`);
  if (call) topics.add(`call:${call.id}`).add(`room:${call.room.number}`);
  return topics;
}
