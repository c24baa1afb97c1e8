import { randomUUID } from 'node:crypto';
import type { OfferReason } from '../../../src/protocol/offer-reason.ts';
import type { Queryable } from '../../../src/server/database/database.ts';
import type { RoutingRules } from '../../../src/server/matching/rules.ts';

const NODE = randomUUID();

export interface OfferRow {
  readonly call: string;
  readonly agent: string;
  readonly group_id: string;
  readonly reason: OfferReason;
}

interface AgentFields {
  /** Level by group; default: level 1 of `sales`. */
  readonly levels?: Readonly<Record<string, number>>;
  /** Seconds. */
  readonly idle?: number;
  readonly status?: string;
  readonly online?: boolean;
}

interface CallFields {
  readonly group?: string;
  readonly priority?: number;
  /** Seconds since the request. */
  readonly waited?: number;
  /** The external id of a known visitor. */
  readonly visitor?: string;
}

/**
 * A site with the groups `sales` and `service`, its agents and its calls, written straight into the tables. Calls and
 * agents have names; a call's is its visitor's.
 */
export class QueueWorld {
  readonly #agents = new Map<string, string>();
  readonly #calls = new Map<string, string>();

  private constructor(
    readonly db: Queryable,
    readonly site: string,
  ) {}

  static async make(db: Queryable, site = 'shop'): Promise<QueueWorld> {
    await db.query('insert into nodes (id) values ($1) on conflict do nothing', [NODE]);
    await db.query('insert into sites (id, name) values ($1, $1)', [site]);
    await db.query(
      `insert into skill_groups (site_id, id, name, position, offer_seconds)
       values ($1, 'sales', 'Sales', 0, 20), ($1, 'service', 'After-sales', 1, 30)`,
      [site],
    );
    return new QueueWorld(db, site);
  }

  async rules(group: string, rules: RoutingRules): Promise<void> {
    await this.db.query('update skill_groups set rules = $3 where site_id = $1 and id = $2', [
      this.site,
      group,
      JSON.stringify(rules),
    ]);
  }

  async agent(name: string, fields: AgentFields = {}): Promise<string> {
    const { levels = { sales: 1 }, idle = 0, status = 'available', online = true } = fields;
    const id = randomUUID();
    await this.db.query(
      `insert into agents (id, site_id, username, name, status, idle_since)
       values ($1, $2, $3, $3, $4, now() - make_interval(secs => $5))`,
      [id, this.site, name, status, idle],
    );
    for (const [group, level] of Object.entries(levels)) {
      await this.db.query(
        'insert into memberships (agent_id, site_id, group_id, level) values ($1, $2, $3, $4)',
        [id, this.site, group, level],
      );
    }
    this.#agents.set(name, id);
    if (online) await this.connect(name, NODE);
    return id;
  }

  async connect(name: string, node: string): Promise<void> {
    await this.db.query(
      `insert into connections (id, node_id, role, site_id, agent_id) values ($1, $2, 'agent', $3, $4)`,
      [randomUUID(), node, this.site, this.agentId(name)],
    );
  }

  async call(name: string, fields: CallFields = {}): Promise<string> {
    const { group = 'sales', priority = 5, waited = 0, visitor = null } = fields;
    const id = randomUUID();
    if (visitor) {
      await this.db.query(
        `insert into visitors (site_id, external_id, name) values ($1, $2, $2) on conflict do nothing`,
        [this.site, visitor],
      );
    }
    await this.db.query(
      `insert into calls (id, site_id, group_id, priority, visitor_name, visitor_id, requested_at)
       values ($1, $2, $3, $4, $5, (select v.id from visitors v where v.site_id = $2 and v.external_id = $6),
               now() - make_interval(secs => $7))`,
      [id, this.site, group, priority, name, visitor, waited],
    );
    this.#calls.set(name, id);
    return id;
  }

  /** A leg that is over or runs, of an agent in a call. */
  async leg(
    call: string,
    agent: string,
    state: string,
    { kind = 'first', secondsAgo = 0, wrapUp = 30 } = {},
  ): Promise<void> {
    await this.db.query(
      `insert into legs (call_id, agent_id, site_id, group_id, kind, state, reason, deadline, joined_at, wrap_up_until, closed_at)
       select $1, $2, $3, 'sales', $4, $5, '{}',
              case when $5 in ('offered', 'accepted') then now() + interval '1 minute' end,
              case when $5 in ('joined', 'left', 'closed') then now() - make_interval(secs => $6) end,
              case when $5 = 'left' then now() + make_interval(secs => $7) end,
              case when $5 in ('closed', 'declined', 'missed', 'withdrawn') then now() - make_interval(secs => $6) end`,
      [this.callId(call), this.agentId(agent), this.site, kind, state, secondsAgo, wrapUp],
    );
  }

  /** The call has been talked, by this agent, and is over. */
  async talked(call: string, agent: string): Promise<void> {
    await this.leg(call, agent, 'closed', { secondsAgo: 600 });
    await this.db.query(
      `update calls set state = 'ended', connected_at = now(), ended_at = now(), ended_reason = 'agent-ended'
        where id = $1`,
      [this.callId(call)],
    );
  }

  /** The names of the calls and agents of all offers, in the order of the calls' requests. */
  async offers(): Promise<string[]> {
    return (await this.offerRows()).map(({ call, agent }) => `${call}→${agent}`);
  }

  async offerRows(): Promise<OfferRow[]> {
    const { rows } = await this.db.query<OfferRow>(
      `select c.visitor_name as call, a.name as agent, l.group_id, l.reason
         from legs l join calls c on c.id = l.call_id join agents a on a.id = l.agent_id
        where c.site_id = $1 and l.state = 'offered' and l.kind = 'first' and l.reason <> '{}'
        order by c.priority desc, c.requested_at, c.visitor_name`,
      [this.site],
    );
    return rows;
  }

  agentId(name: string): string {
    const id = this.#agents.get(name);
    if (!id) throw new Error(`no agent ${name}`);
    return id;
  }

  callId(name: string): string {
    const id = this.#calls.get(name);
    if (!id) throw new Error(`no call ${name}`);
    return id;
  }
}
