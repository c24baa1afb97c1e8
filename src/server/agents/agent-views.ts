import type { Queryable } from '../database/database.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { Tickets } from '../rooms/tickets.ts';
import { openRooms } from '../views/room-row.ts';
import type { ViewChange, ViewReading } from '../views/view-reading.ts';
import type { LegRow } from './agent-legs.ts';
import { agentView, topicsOfAgent } from './agent-view.ts';
import { readAgents, type AgentAsked, type AgentRow } from './read-agents.ts';
import { queueKey, readQueues, type QueueRow } from './read-queues.ts';

interface AgentViewAsked extends AgentAsked {
  readonly changed: ViewChange;
  /** The connection. The parts of its view are kept as long as it lives. */
  readonly tab: object;
}

interface Parts {
  readonly agent: AgentRow;
  readonly queue: QueueRow;
}

/**
 * The views of the agents connected to this node. A view has two parts, which change for different reasons: the
 * agent's own and the queue. Both are kept for each tab, so that a queue that moves is read once for all agents who
 * see it, and a change of one agent reads no queue. Readings must not overlap: the feed reads one batch after another.
 *
 * A queue that moves is read up to three times a second. Measured with 100 agents: the queue of 500 calls takes 4 ms
 * for all of them, their own parts with a day of 50 legs each 50 to 200 ms, for which an offer would have to wait.
 */
export class AgentViews {
  readonly #kept = new WeakMap<object, Parts>();

  constructor(
    private readonly db: Queryable,
    private readonly tickets: Tickets,
    private readonly media: RoomMedia,
  ) {}

  /** By connection. An agent who was deleted is left out. */
  async read(asked: readonly AgentViewAsked[]): Promise<Map<string, ViewReading>> {
    const tabs = asked.map((one) => ({ ...one, kept: this.#kept.get(one.tab) }));
    const agents = await readAgents(
      this.db,
      this.media,
      tabs.filter(({ changed, kept }) => changed !== 'queue' || !kept),
    );
    const shown = tabs.flatMap(({ connection, tab, changed, kept }) => {
      const agent = agents.get(connection) ?? (changed === 'queue' ? kept?.agent : undefined);
      if (!agent) return [];
      const key = queueKey(agent.site.id, agent.groups);
      const same = kept && queueKey(kept.agent.site.id, kept.agent.groups) === key;
      return [{ tab, agent, key, queue: changed === 'own' && same ? kept.queue : undefined }];
    });
    const queues = await readQueues(
      this.db,
      shown.flatMap(({ key, queue }) => (queue ? [] : [key])),
    );
    const readings = new Map<string, ViewReading>();
    for (const { tab, agent, key, queue = queues.get(key) } of shown) {
      if (!queue) throw new Error('The statement of the queues answers a row for each key.');
      this.#kept.set(tab, { agent, queue });
      readings.set(agent.connection, await this.#reading(agent, queue));
    }
    return readings;
  }

  async #reading(agent: AgentRow, queue: QueueRow): Promise<ViewReading> {
    const own = agent.tabs.find(({ id }) => id === agent.connection);
    const legs = own?.active ? agent.legs : agent.legs.map(withoutTickets);
    const { rev, now } = queue.rev > agent.rev ? queue : agent;
    return {
      rev,
      now,
      view: await agentView(agent, queue, legs, this.tickets),
      topics: topicsOfAgent(agent),
      rooms: openRooms(legs.flatMap(({ rooms }) => rooms)),
      // Several tabs of one agent live side by side, so that none is superseded.
      connectionStatus: own ? 'current' : 'orphaned',
    };
  }
}

function withoutTickets({ rooms, ...leg }: LegRow): LegRow {
  return { ...leg, rooms: rooms.map((room) => ({ ...room, holder: null })) };
}
