import assert from 'node:assert/strict';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import pg from 'pg';
import { migrate } from '../../../src/server/database/migrate.ts';
import { overClient } from '../../../src/server/database/pool-database.ts';
import { freshPostgres } from '../../support/postgres.ts';

const OWN = fileURLToPath(new URL('../../../src/server/database/migrations/', import.meta.url));
const CALLS = [1, 2, 3].map((n) => `00000000-0000-4000-8000-00000000000${n}`);

// A call that is offered, one that is back from an agent who did not answer, and one that has ended.
const BEFORE = `
insert into sites (id, name) values ('acme', 'Acme');
insert into skill_groups (site_id, id, name) values ('acme', 'all', 'All');
insert into agents (id, site_id, username, name) values ('${CALLS[0]}', 'acme', 'jo', 'Jo');
insert into calls (id, site_id, group_id, visitor_name, state, epoch, ended_at, ended_reason) values
  ('${CALLS[0]}', 'acme', 'all', 'Ada', 'offered', 1, null, null),
  ('${CALLS[1]}', 'acme', 'all', 'Bo', 'queued', 2, null, null),
  ('${CALLS[2]}', 'acme', 'all', 'Cy', 'ended', 1, now(), 'cancelled');
insert into offers (call_id, agent_id, epoch, state, deadline, why) values
  ('${CALLS[0]}', '${CALLS[0]}', 1, 'active', now(), ''),
  ('${CALLS[1]}', '${CALLS[0]}', 1, 'missed', now(), '');
insert into call_transitions (call_id, epoch, from_state, to_state, reason) values
  ('${CALLS[0]}', 0, null, 'queued', 'requested'), ('${CALLS[0]}', 1, 'queued', 'offered', 'offered'),
  ('${CALLS[1]}', 0, null, 'queued', 'requested'), ('${CALLS[1]}', 1, 'queued', 'offered', 'offered'),
  ('${CALLS[1]}', 2, 'offered', 'queued', 'missed'),
  ('${CALLS[2]}', 0, null, 'queued', 'requested'), ('${CALLS[2]}', 1, 'queued', 'ended', 'cancelled');`;

it('a call that lives while a server learns to derive its steps keeps all of them', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'rtc-desk-migrations-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const name of (await readdir(OWN)).filter((file) => file < '0014'))
    await cp(join(OWN, name), join(folder, name));
  const client = new pg.Client({ connectionString: await freshPostgres() });
  await client.connect();
  t.after(() => client.end());
  const tx = overClient(client);
  const inTransaction = async (work: () => Promise<void>) => {
    await client.query('begin');
    await work();
    await client.query('commit');
  };
  const steps = async (call: number) =>
    (
      await client.query<{ step: string }>(
        `select concat_ws(' ', epoch, from_state, to_state, reason) as step
           from call_transitions where call_id = $1 order by epoch`,
        [CALLS[call]],
      )
    ).rows.map(({ step }) => step);
  await inTransaction(() => migrate(tx, pathToFileURL(`${folder}/`)));
  await client.query(BEFORE);
  const all = async () => [await steps(0), await steps(1), await steps(2)];
  const before = await all();
  await inTransaction(() => migrate(tx));
  assert.deepEqual(await all(), before);

  await client.query(
    `update calls set state = 'ended', epoch = 2, ended_at = now(), ended_reason = 'cancelled' where id = $1`,
    [CALLS[0]],
  );
  assert.deepEqual(await steps(0), [...(before[0] ?? []), '2 offered ended cancelled']);
  await client.query(
    `update calls set state = 'accepted', epoch = 4, agent_id = $2, room = 7, accepted_at = now() where id = $1`,
    [CALLS[1], CALLS[0]],
  );
  await client.query(
    `insert into offers (call_id, agent_id, epoch, deadline, why) values ($1, $2, 3, now(), '')`,
    [CALLS[1], CALLS[0]],
  );
  assert.deepEqual(await steps(1), [
    ...(before[1] ?? []),
    '3 queued offered offered',
    '4 offered accepted accepted',
  ]);
});
