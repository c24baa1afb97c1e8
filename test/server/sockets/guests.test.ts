import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onBothStores } from '../../support/both-stores.ts';
import { withCode } from '../../support/error-code.ts';
import { guest, roomOf, tokenOf } from '../../support/guest.ts';
import { ProtocolClient } from '../../support/protocol-client.ts';

onBothStores((bench) => {
  test('a guest’s second page takes over as another participant, and nobody sees two', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const [a, b] = [await guest(url, room, 'a'), await guest(url, room, 'b')];
    const fresh = await ProtocolClient.join(url, { role: 'guest', token: a.token, fresh: true });
    assert.equal((await a.client.waitForClose()).code, 4409);
    const participant = fresh.view.room.ticket?.participant ?? '';
    assert.notEqual(participant, a.participant);
    await fresh.command({ type: 'enter-room', room, participant });
    const view = await b.client.waitFor(({ room: { participants } }) =>
      participants.some(({ id }) => id === participant),
    );
    assert.deepEqual(
      view.room.participants.map(({ id }) => id).sort(),
      [participant, b.participant].sort(),
    );
    await Promise.all([fresh.close(), b.client.close()]);
  });

  test('a room of the built-in media takes six people and refuses the seventh', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const people = [];
    for (let i = 0; i < 6; i += 1) people.push(await guest(url, room, `p${i}`));
    const seventh = await guest(url, room, 'p6', false);
    await assert.rejects(
      seventh.client.command({ type: 'enter-room', room, participant: seventh.participant }),
      withCode('room-full'),
    );
    await Promise.all([...people, seventh].map(({ client }) => client.close()));
  });

  test('a room that was closed lets nobody in', async () => {
    const { url, database } = bench.server;
    const room = await roomOf(bench);
    await database.query('update rooms set closed_at = now() where number = $1', [room]);
    const token = await tokenOf(room, 'a');
    const client = await ProtocolClient.open(url);
    client.hello({ role: 'guest', token });
    assert.deepEqual(await client.waitForClose(), { code: 4403, reason: 'not-found' });
  });

  test('a guest’s name is shown as verified only where somebody vouched for it', async () => {
    const { url } = bench.server;
    const room = await roomOf(bench);
    const known = await guest(url, room, 'known');
    const token = await tokenOf(room, 'typed', false);
    const typed = await ProtocolClient.join(url, { role: 'guest', token });
    const participant = typed.view.room.ticket?.participant ?? '';
    await typed.command({ type: 'enter-room', room, participant });
    const view = await known.client.waitFor(
      ({ room: { participants } }) => participants.length === 2,
    );
    assert.deepEqual(
      view.room.participants.map(({ name, verified }) => [name, verified]),
      [
        ['known', true],
        ['typed', false],
      ],
    );
    await Promise.all([known.client.close(), typed.close()]);
  });
});
