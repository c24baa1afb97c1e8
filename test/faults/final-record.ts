import type pg from 'pg';
import { ms } from '../../src/server/views/view-columns.ts';
import type { Event, FinalRecord } from './checker/history.ts';

type Sample = Omit<Extract<Event, { kind: 'sampled' }>, 'at'>;

/** Shorter than any offer lasts in a run where nobody misses one by chance. */
export const OFFER_SECONDS = 5;

// One statement, so that all of it is of one moment.
const SAMPLE = `
select coalesce((select json_agg(json_build_object('id', c.id, 'state', c.state, 'epoch', c.epoch))
                   from calls c where c.site_id = $1), '[]') as calls,
       (select json_agg(json_build_object('id', a.id, 'capacity', a.capacity, 'held',
          (select count(*) from offers o where o.agent_id = a.id and o.state = 'active')
          + (select count(*) from calls c where c.agent_id = a.id and c.state in ('accepted', 'ready', 'connected'))))
          from agents a where a.site_id = $1) as agents`;

export async function readSample(pool: pg.Pool, site: string): Promise<Sample> {
  const { rows } = await pool.query<Omit<Sample, 'kind'>>(SAMPLE, [site]);
  return { kind: 'sampled', calls: rows[0]?.calls ?? [], agents: rows[0]?.agents ?? [] };
}

/** All that the database knows of a site in the end. `names`: who each agent is in the history, by id. */
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
  const agents = await read<{ id: string; capacity: number }>('id, capacity', 'agents c');
  return {
    offerSeconds: OFFER_SECONDS,
    agents: agents.map(({ id, capacity }) => ({ id, capacity, who: names.get(id) ?? id })),
    calls: await read<Rows<'calls'>>(
      `id, state, epoch, group_id as skill, ${ms('requested_at')} as "requestedAt", ended_reason as "endedReason"`,
      'calls c',
    ),
    transitions: await read<Rows<'transitions'>>(
      `t.call_id as "callId", t.epoch, t.from_state as "from", t.to_state as "to",
       t.agent_id as "agentId", t.reason, ${exact('t.at')} as at`,
      'calls c join call_transitions t on t.call_id = c.id',
    ),
    offers: await read<Rows<'offers'>>(
      `o.id, o.call_id as "callId", o.agent_id as "agentId", o.state,
       ${exact('o.offered_at')} as "offeredAt", ${exact('o.closed_at')} as "closedAt"`,
      'calls c join offers o on o.call_id = c.id',
    ),
    joins: await read<Rows<'joins'>>(
      `p.id, c.call_id as "callId", p.room, p.role, ${exact('p.issued_at')} as "issuedAt",
       ${exact('p.entered_at')} as "enteredAt", ${exact('coalesce(p.left_at, c.closed_at)')} as "leftAt"`,
      'rooms c join participants p on p.room = c.number',
    ),
    messages: await read<Rows<'messages'>>(
      'm.room, m.sequence, m.id',
      'rooms c join messages m on m.room = c.number',
    ),
    // Of all sites: a node that died in a run before has to be gone by now as well.
    nodes: (
      await pool.query<FinalRecord['nodes'][number]>(
        `select id, ${exact('now() - heartbeat_at')} as "silentFor" from nodes`,
      )
    ).rows,
  };
}

/** In ms, with the microseconds as its fraction. */
const exact = (time: string): string => `(extract(epoch from ${time}) * 1000)::float8`;
