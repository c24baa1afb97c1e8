import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../../src/server/database/database.ts';

/** A leg of a scripted call. Times in seconds after the request. */
export interface ScriptedLeg {
  readonly agent: string;
  readonly group?: string;
  readonly state?: 'closed' | 'left' | 'missed' | 'declined';
  readonly joined?: number;
  readonly left?: number;
  readonly closed?: number;
  readonly disposition?: string;
}

export interface ScriptedCall {
  readonly site?: string;
  /** Null: the call ended in a flow. */
  readonly group?: string | null;
  /** With its offset: `2026-03-02T09:15:00+01:00`. */
  readonly at: string;
  /** Seconds after the request. Left out: at once. */
  readonly queued?: number;
  /** Left out: visitor and agent never met. */
  readonly connected?: number;
  /** Left out: the call is live. */
  readonly ended?: number;
  readonly reason?: string;
  readonly legs?: readonly ScriptedLeg[];
}

const CALL = `
insert into calls (id, site_id, group_id, visitor_name, state, requested_at, connected_at, ended_at, ended_reason)
select $1, $2, $3, 'Clara', case when $6::float8 is null then 'queued' else 'ended' end, $4::timestamptz,
       $4::timestamptz + make_interval(secs => $5), $4::timestamptz + make_interval(secs => $6), $7`;
const QUEUED = `
insert into call_events (call_id, sequence, type, actor, at)
values ($1, 1, 'queued', 'system', $2::timestamptz + make_interval(secs => $3))`;
const LEG = `
insert into legs (call_id, agent_id, site_id, group_id, reason, state, joined_at, left_at, closed_at, wrap_up_until,
                  disposition)
select $1, a.id, $2, $3, '{"code": "transfer", "params": {"group": null, "idleSeconds": null}}', $5,
       $6::timestamptz + make_interval(secs => $7), $6::timestamptz + make_interval(secs => $8),
       $6::timestamptz + make_interval(secs => $9), case when $5 = 'left' then now() + interval '1 hour' end, $10
  from agents a where a.site_id = $2 and a.username = $4`;

/** Writes a call with its legs, as it was. Resolves to its id. */
export async function writeCall(db: Queryable, call: ScriptedCall): Promise<string> {
  const { site = 'shop', group = 'sales', at, queued = 0, connected, ended, legs = [] } = call;
  const id = randomUUID();
  const reason = ended === undefined ? null : (call.reason ?? 'visitor-ended');
  await db.query(CALL, [id, site, group, at, connected ?? null, ended ?? null, reason]);
  if (group !== null) await db.query(QUEUED, [id, at, queued]);
  for (const leg of legs) {
    const { agent, state = 'closed', joined, left, closed, disposition } = leg;
    await db.query(LEG, [
      id,
      site,
      leg.group ?? group,
      agent,
      state,
      at,
      joined ?? null,
      left ?? null,
      state === 'left' ? null : (closed ?? left ?? 0),
      disposition ?? null,
    ]);
  }
  return id;
}

/** A site `shop` with the groups `sales` and `service`, the agents alice and bob, and two dispositions. */
export async function writeShop(db: Queryable, { timeZone = 'Europe/Berlin' } = {}): Promise<void> {
  await db.query(`insert into sites (id, name, time_zone) values ('shop', 'Shop', $1)`, [timeZone]);
  await db.query(`insert into skill_groups (site_id, id, name, position)
    values ('shop', 'sales', 'Sales', 0), ('shop', 'service', 'After-sales', 1)`);
  await db.query(`insert into agents (site_id, username, name)
    values ('shop', 'alice', 'Alice'), ('shop', 'bob', 'Bob')`);
  await db.query(`insert into dispositions (site_id, code, level, position, label)
    values ('shop', 'solved', 1, 0, '{"en": "Solved"}'), ('shop', 'open', 1, 1, '{"en": "=Open"}')`);
}

/** One talk with alice: 10 s until both meet, 60 s of talk, 30 s of wrap-up. */
export const talkAt = (at: string, change: Partial<ScriptedCall> = {}): ScriptedCall => ({
  at,
  connected: 10,
  ended: 70,
  legs: [{ agent: 'alice', joined: 8, left: 70, closed: 100, disposition: 'solved' }],
  ...change,
});
