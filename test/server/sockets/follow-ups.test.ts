import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callbackCode } from '../../../src/server/callbacks/callback-code.ts';
import type { Database } from '../../../src/server/database/database.ts';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { ProtocolClient, type AgentClient } from '../../support/protocol-client.ts';
import {
  accept,
  deskOf,
  enter,
  makeSite,
  TEST_KEY,
  type TestSite,
} from '../../support/signaling-server.ts';

/** A call of an hour ago in which a visitor left this. Resolves to its id. */
async function left(db: Database, { id }: TestSite, kind: 'message' | 'callback'): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `with ended as (
       insert into calls (site_id, group_id, visitor_name, params, requested_at, state, ended_at, ended_reason)
       values ($1, 'pre-sales', 'Mei', '{"device":"M-1"}', now() - interval '1 hour', 'ended', now(), 'callback-requested')
       returning id, site_id, group_id)
     insert into follow_ups (site_id, group_id, call_id, kind, contact, text)
     select site_id, group_id, id, $2, 'mei@example.com', 'No power' from ended returning id`,
    [id, kind],
  );
  const followUp = rows[0]?.id ?? '';
  if (kind === 'callback') await db.query('insert into callbacks (id) values ($1)', [followUp]);
  return followUp;
}

const listOf = async (desk: AgentClient) => (await desk.command({ type: 'follow-ups' })).items;

onBothStores((bench) => {
  test('an agent takes care of a message of the own groups, and nobody else does anything with it', async () => {
    const { url, database } = bench.server;
    const [site, other] = [await makeSite(database, 3), await makeSite(database)];
    const id = await left(database, site, 'message');
    await database.query(
      `update memberships set group_id = 'after-sales' where agent_id = $1 and group_id = 'pre-sales'
          and not exists (select from memberships m where m.agent_id = $1 and m.group_id = 'after-sales')`,
      [site.agents[2]?.id],
    );
    await database.query(`delete from memberships where agent_id = $1 and group_id = 'pre-sales'`, [
      site.agents[2]?.id,
    ]);
    const desk = await deskOf(url, site.agents[0], 'break');
    const colleague = await deskOf(url, site.agents[1], 'break');
    const strangers = [
      await deskOf(url, site.agents[2], 'break'),
      await deskOf(url, other.agents[0], 'break'),
    ];
    const [message] = await listOf(desk);
    assert.equal(message?.id, id);
    const asked = { followUpId: id, version: message.version };
    for (const stranger of strangers) {
      assert.deepEqual(await listOf(stranger), []);
      for (const body of [
        { type: 'change-follow-up', ...asked, handled: true },
        { type: 'call-back', ...asked },
      ] as const) {
        await assert.rejects(stranger.command(body), withCode('forbidden'), body.type);
      }
    }
    const taken = await desk.command({ type: 'change-follow-up', ...asked, assigned: true });
    assert.equal(taken.assignee?.id, site.agents[0]?.id);
    // The colleague has read the version before.
    await assert.rejects(
      colleague.command({ type: 'change-follow-up', ...asked, handled: true }),
      withCode('conflict'),
    );
    const now = { followUpId: id, version: taken.version };
    await assert.rejects(
      colleague.command({ type: 'change-follow-up', ...now, assigned: false }),
      withCode('forbidden'),
    );
    const begun = await colleague.command({ type: 'call-back', ...now });
    assert.equal(begun.callback?.state, 'waiting');
    await desk.command({ type: 'change-follow-up', ...now, handled: true });
    assert.deepEqual(await listOf(colleague), []);
    for (const client of [desk, colleague, ...strangers]) await client.close();
  });

  test('the code of a callback brings its visitor into the call, with the agent in the room first', async () => {
    const { url, database } = bench.server;
    const [site, other] = [await makeSite(database), await makeSite(database)];
    const code = callbackCode(TEST_KEY, await left(database, site, 'callback'));
    const early = await ProtocolClient.join(url, { role: 'visitor', site: site.id, resume: code });
    assert.equal(early.view.call, null);
    await early.close();
    const desk = await deskOf(url, site.agents[0]);
    await accept(desk);
    const stranger = await ProtocolClient.join(url, {
      role: 'visitor',
      site: other.id,
      resume: code,
    });
    assert.equal(stranger.view.call, null);
    await enter(desk);
    const { callback, visitor: card } = desk.view.legs[0]?.call ?? {};
    assert.deepEqual([callback?.contact, callback?.attempt], ['mei@example.com', 1]);
    assert.deepEqual(card?.params, { device: 'M-1' });
    const visitor = await ProtocolClient.join(url, {
      role: 'visitor',
      site: site.id,
      resume: code,
    });
    await enter(visitor);
    await visitor.waitFor(({ call }) => call?.state === 'connected');
    const { rows } = await database.query('select state from callbacks where state = $1', [
      'reached',
    ]);
    assert.equal(rows.length, 1);
    for (const client of [desk, stranger, visitor]) await client.close();
  });
});
