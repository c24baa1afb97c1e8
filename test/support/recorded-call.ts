import type { Queryable } from '../../src/server/database/database.ts';

export interface RecordedCall {
  readonly call: string;
  readonly recording: string;
  readonly leg: string;
}

/** A call of the group `help` that an agent has joined, and that is recorded since a minute. */
export async function writeRecordedCall(
  db: Queryable,
  { site, agent }: { readonly site: string; readonly agent: string },
): Promise<RecordedCall> {
  const id = async (statement: string, ...values: unknown[]) =>
    (await db.query<{ id: string }>(statement, values)).rows[0]!.id;
  const call = await id(
    `insert into calls (site_id, group_id, visitor_name, state, requested_at)
     values ($1, 'help', 'Clara', 'queued', now() - interval '2 minutes') returning id`,
    site,
  );
  const leg = await id(
    `insert into legs (call_id, state, agent_id, site_id, group_id, reason, accepted_at, joined_at)
     values ($1, 'joined', $2, $3, 'help', '{"code": "transfer", "params": {"group": null, "idleSeconds": null}}', now(), now()) returning id`,
    call,
    agent,
    site,
  );
  const { rows } = await db.query<{ number: number }>(
    `insert into rooms (number, site_id, kind, call_id, provider)
     values (1 + floor(random() * 2000000000)::int, $1, 'call', $2, 'mesh') returning number`,
    [site, call],
  );
  await db.query(
    `update calls set state = 'connected', owner_leg_id = $2, room = $3, ready_at = now(), connected_at = now() where id = $1`,
    [call, leg, rows[0]!.number],
  );
  const recording = await id(
    `insert into recordings (site_id, call_id, state, rule, started_at, heard_at)
     select $1, $2, 'recording', s.recording, now() - interval '1 minute', now() from sites s where s.id = $1 returning id`,
    site,
    call,
  );
  return { call, recording, leg };
}

/** The agent leaves and the call ends. */
export async function endRecordedCall(db: Queryable, { call, leg }: RecordedCall): Promise<void> {
  await db.query(
    `update legs set state = 'closed', left_at = now(), closed_at = now() where id = $1`,
    [leg],
  );
  await db.query(
    `update calls set state = 'ended', ended_at = now(), ended_reason = 'agent-ended' where id = $1`,
    [call],
  );
}
