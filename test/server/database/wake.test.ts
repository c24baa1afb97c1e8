import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import type { Database, Topic } from '../../../src/server/database/database.ts';
import { NoticeWake, type NoticeChannel } from '../../../src/server/database/wake.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** Collects everything that a node is told from now on. */
function hear(db: Database): { topics: Set<Topic>; batches: number; everything: number } {
  const heard = { topics: new Set<Topic>(), batches: 0, everything: 0 };
  db.wake.listen((topics) => {
    heard.batches += 1;
    if (topics === 'everything') heard.everything += 1;
    else for (const topic of topics) heard.topics.add(topic);
  });
  return heard;
}

/** A channel that publishes like this, and on which nothing arrives. */
function channelThat(publish: NoticeChannel['publish']): NoticeChannel {
  return {
    publish,
    collect: () => Promise.resolve([]),
    deaf: false,
    open: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

describe('notices between nodes', () => {
  onBothDatabases((test) => {
    it('reach the node itself, coalesced', async () => {
      const heard = hear(test.db);
      test.db.wake.notify('call:1', 'room:2');
      test.db.wake.notify('call:1');
      test.db.wake.notify('agent:3');
      await waitUntil('it is told', () => heard.batches > 0);
      assert.deepEqual(heard.topics, new Set(['call:1', 'room:2', 'agent:3']));
      assert.equal(heard.batches, 1);
    });

    it('do not reach a listener that has stopped', async () => {
      let silent = 0;
      const stop = test.db.wake.listen(() => (silent += 1));
      stop();
      const heard = hear(test.db);
      test.db.wake.notify('call:1');
      await waitUntil('the other is told', () => heard.batches > 0);
      assert.equal(silent, 0);
    });

    it('reach the other listeners when one throws', async () => {
      test.db.wake.listen(() => {
        throw new Error('broken');
      });
      const heard = hear(test.db);
      test.db.wake.notify('call:1');
      await waitUntil('the other is told', () => heard.batches > 0);
    });

    it('a message to the node itself does not go through the database', async () => {
      const received: string[] = [];
      test.db.wake.receive((payload) => received.push(payload));
      test.db.wake.send(test.nodeId, 'hello');
      await waitUntil('it arrives', () => received.length === 1);
      assert.deepEqual(received, ['hello']);
    });

    if (test.kind === 'PGlite') return;

    it('reach the other nodes, each once', async () => {
      const here = hear(test.db);
      const other = await test.another();
      const there = hear(other);
      test.db.wake.notify('call:1', 'room:2');
      await waitUntil('the other node is told', () => there.topics.size === 2);
      other.wake.notify('call:9');
      await waitUntil('this node is told', () => here.topics.has('call:9'));
      assert.deepEqual([here.batches - here.everything, there.batches - there.everything], [2, 2]);
    });

    it('messages of any length reach the one node they are for, in order', async () => {
      const [oneId, twoId] = [randomUUID(), randomUUID()];
      const [one, two] = [await test.another(oneId), await test.another(twoId)];
      const [first, second]: [string[], string[]] = [[], []];
      one.wake.receive((payload) => first.push(payload));
      two.wake.receive((payload) => second.push(payload));
      const sent = [20_000, 1, 60_000, 2].map(
        (length, i) => `${i}` + '文'.repeat(length / 2) + '\n"%s',
      );
      for (const payload of sent) test.db.wake.send(oneId, payload);
      await waitUntil('all have arrived', () => first.length === sent.length);
      assert.deepEqual(first, sent);
      assert.deepEqual(second, []);
      for (const bad of ['x'.repeat(200_000), 'x\0']) {
        assert.throws(() => test.db.wake.send(oneId, bad), RangeError);
      }
    });

    it('a node is told everything after its listening connection was killed, and hears again', async () => {
      const other = await test.another();
      const listening = async (states: readonly string[]): Promise<number[]> => {
        const { rows } = await test.db.query<{ pid: number }>(
          `select pid from pg_stat_activity
            where datname = current_database() and state = any ($1::text[])
              and (query like 'listen%' or query = 'select pg_notify($1, $2)')`,
          [states],
        );
        return rows.map(({ pid }) => pid);
      };
      const killed = await listening(['idle', 'active']);
      await test.db.query('select pg_terminate_backend(pid) from unnest($1::int[]) as k (pid)', [
        killed,
      ]);
      const heard = hear(other);
      await waitUntil('it was told everything', () => heard.everything > 0);
      await waitUntil('all listen again', async () => {
        const now = await listening(['idle']);
        return now.length >= killed.length && !now.some((pid) => killed.includes(pid));
      });
      test.db.wake.notify('call:1');
      await waitUntil('it hears again', () => heard.topics.has('call:1'));
    });
  });

  it('after a failed NOTIFY the other nodes are told everything', async () => {
    const published: string[] = [];
    let away = true;
    const channel = channelThat((notices) => {
      if (away) return Promise.reject(new Error('the database is away'));
      published.push(...notices);
      return Promise.resolve();
    });
    const wake = new NoticeWake('a', channel, pino({ level: 'silent' }));
    let told = 0;
    wake.listen(() => (told += 1));
    wake.notify('call:1');
    await waitUntil('the node itself is told all the same', () => told === 1);
    away = false;
    await waitUntil('the others are told', () => published.length > 0);
    assert.deepEqual(published, ['t a *']);
    wake.notify('call:2');
    await wake.close();
    assert.deepEqual(published, ['t a *', 't a call:2']);
  });

  it('what is told during a publish goes out together after its own coalescing delay', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const published: (readonly string[])[] = [];
    let finish = (): void => {};
    const channel = channelThat((notices) => {
      published.push(notices);
      return new Promise((resolve) => (finish = resolve));
    });
    const wake = new NoticeWake('n', channel, pino({ level: 'silent' }));
    const finished = async (): Promise<void> => {
      finish();
      await new Promise((resolve) => setImmediate(resolve));
    };
    wake.notify('call:1');
    t.mock.timers.tick(5);
    wake.notify('call:2');
    await finished();
    wake.notify('call:3');
    assert.deepEqual(published, [['t n call:1']]);
    t.mock.timers.tick(5);
    wake.notify('call:4');
    t.mock.timers.tick(5);
    assert.equal(published.length, 2, 'one at a time');
    await finished();
    assert.deepEqual(published.slice(1), [['t n call:2,call:3'], ['t n call:4']]);
    await finished();
    await wake.close();
  });
});
