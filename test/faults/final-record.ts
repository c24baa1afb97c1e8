import type pg from 'pg';
import type { Event, FinalRecord } from './checker/history.ts';

type Sample = Omit<Extract<Event, { kind: 'sampled' }>, 'at'>;

/** Long enough that an agent in a fault run misses an offer only by a fault. */
export const OFFER_SECONDS = 5;

/** One statement, so that all of it is of one moment. */
const SAMPLE = `
select coalesce((select json_agg(json_build_object('id', c.id, 'state', c.state, 'epoch', c.epoch))
                   from calls c where c.site_id = $1), '[]') as calls,
       (select json_agg(json_build_object('id', a.id, 'activeLegs',
          (select count(*) from legs l
            where l.agent_id = a.id and l.kind <> 'monitor' and l.state in ('offered', 'accepted', 'joined'))))
          from agents a where a.site_id = $1) as agents`;

export async function readSample(pool: pg.Pool, site: string): Promise<Sample> {
  const { rows } = await pool.query<Omit<Sample, 'kind'>>(SAMPLE, [site]);
  return { kind: 'sampled', calls: rows[0]?.calls ?? [], agents: rows[0]?.agents ?? [] };
}

/** All that the tables contain of a site. `names`: each agent's name in the history, by id. */
export async function readFinalRecord(
  pool: pg.Pool,
  site: string,
  names: ReadonlyMap<string, string>,
): Promise<FinalRecord> {
  const read = async <R extends pg.QueryResultRow>(columns: string, from: string): Promise<R[]> =>
    (await pool.query<R>(`select ${columns} from ${from} where c.site_id = $1`, [site])).rows;
  type Rows<K extends keyof FinalRecord> = FinalRecord[K] extends readonly (infer R)[]
    ? R & pg.QueryResultRow
    : never;
  const agents = await read<{ id: string }>('id', 'agents c');
  return {
    offerSeconds: OFFER_SECONDS,
    agents: agents.map(({ id }) => ({ id, who: names.get(id) ?? id })),
    calls: await read<Rows<'calls'>>(
      `id, state, epoch, event_count as "eventCount", group_id as "group",
       floor(${ms('requested_at')}) as "requestedAt", ended_reason as "endedReason"`,
      'calls c',
    ),
    callEvents: await read<Rows<'callEvents'>>(
      `e.call_id as "callId", e.sequence, e.type, e.actor, e.leg_id as "legId", e.agent_id as "agentId",
       case when jsonb_typeof(e.data -> 'reason') = 'string' then e.data ->> 'reason' end as reason, ${ms('e.at')} as at`,
      'calls c join call_events e on e.call_id = c.id',
    ),
    legs: await read<Rows<'legs'>>(
      `l.id, l.call_id as "callId", l.agent_id as "agentId", l.state, ${ms('l.offered_at')} as "offeredAt",
       ${ms('l.accepted_at')} as "acceptedAt", ${ms('l.left_at')} as "leftAt", ${ms('l.closed_at')} as "closedAt"`,
      'calls c join legs l on l.call_id = c.id',
    ),
    participants: await read<Rows<'participants'>>(
      `p.id, c.call_id as "callId", p.room, p.role, ${ms('p.issued_at')} as "issuedAt",
       ${ms('p.entered_at')} as "enteredAt", ${ms('coalesce(p.left_at, c.closed_at)')} as "leftAt"`,
      'rooms c join participants p on p.room = c.number',
    ),
    messages: await read<Rows<'messages'>>(
      'm.room, m.sequence, m.id',
      'rooms c join messages m on m.room = c.number',
    ),
    // Nodes of all runs: a node that died in an earlier run has to be gone too.
    nodes: (
      await pool.query<FinalRecord['nodes'][number]>(
        `select id, ${ms('now() - heartbeat_at')} as "silentFor" from nodes`,
      )
    ).rows,
  };
}

/** In ms, with the microseconds as the fraction. */
const ms = (time: string): string => `(extract(epoch from ${time}) * 1000)::float8`;
