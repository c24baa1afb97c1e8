import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import pg from 'pg';
import { pino } from 'pino';
import type { Database, Topic } from '../../../src/server/database/database.ts';
import { openDatabase } from '../../../src/server/database/open-database.ts';
import { NoticeWake, type NoticeChannel } from '../../../src/server/database/wake.ts';
import { onBothDatabases } from '../../support/databases.ts';
import { freshPostgres } from '../../support/postgres.ts';
import { waitUntil } from '../../support/wait-until.ts';

/** Everything that a node is told from now on. */
function hear(db: Database): { topics: Set<Topic>; batches: number; everything: number } {
  const heard = { topics: new Set<Topic>(), batches: 0, everything: 0 };
  db.wake.listen((topics) => {
    heard.batches += 1;
    if (topics === 'everything') heard.everything += 1;
    else for (const topic of topics) heard.topics.add(topic);
  });
  return heard;
}

/** A way to other nodes that publishes so, and on which nothing comes. */
function channelThat(
  publish: NoticeChannel['publish'],
  alone: () => boolean = () => false,
): NoticeChannel {
  return {
    publish,
    collect: () => Promise.resolve([]),
    get alone() {
      return alone();
    },
    deaf: false,
    open: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

describe('waking', () => {
  onBothDatabases((test) => {
    it('reaches the node itself, once for all that came together', async () => {
      const heard = hear(test.db);
      test.db.wake.notify('call:1', 'room:2');
      test.db.wake.notify('call:1');
      test.db.wake.notify('agent:3');
      await waitUntil('it is told', () => heard.batches > 0);
      assert.deepEqual(heard.topics, new Set(['call:1', 'room:2', 'agent:3']));
      assert.equal(heard.batches, 1);
    });

    it('stops when it is asked to', async () => {
      let silent = 0;
      const stop = test.db.wake.listen(() => (silent += 1));
      stop();
      const heard = hear(test.db);
      test.db.wake.notify('call:1');
      await waitUntil('the other is told', () => heard.batches > 0);
      assert.equal(silent, 0);
    });

    it('goes on when one listener fails', async () => {
      test.db.wake.listen(() => {
        throw new Error('broken');
      });
      const heard = hear(test.db);
      test.db.wake.notify('call:1');
      await waitUntil('the other is told', () => heard.batches > 0);
    });

    it('hands a message to the node itself without the database', async () => {
      const received: string[] = [];
      test.db.wake.receive((payload) => received.push(payload));
      test.db.wake.send(test.nodeId, 'hello');
      await waitUntil('it arrives', () => received.length === 1);
      assert.deepEqual(received, ['hello']);
    });

    if (test.kind === 'PGlite') return;

    it('reaches the other nodes, and each only once', async () => {
      const here = hear(test.db);
      const other = await test.another();
      const there = hear(other);
      // Whatever the one did before it knew of the other was told to nobody: the other reads all of it.
      await waitUntil('they know each other', () => here.everything > 0 && there.everything > 0);
      [here.batches, there.batches] = [0, 0];
      test.db.wake.notify('call:1', 'room:2');
      await waitUntil('the other node is told', () => there.topics.size === 2);
      other.wake.notify('call:9');
      await waitUntil('this node is told', () => here.topics.has('call:9'));
      assert.deepEqual([here.batches, there.batches], [2, 2]);
    });

    it('hands messages of any length to the one node they are for, in order', async () => {
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

    it('says everything after its listening connection was killed, and hears again', async () => {
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

  it('tells others for as long as one may still answer, and then nobody while nobody is heard', async (t) => {
    const databaseUrl = await freshPostgres();
    const listener = new pg.Client({ connectionString: databaseUrl });
    await listener.connect();
    t.after(() => listener.end());
    const heard: string[] = [];
    listener.on('notification', ({ payload = '' }) => heard.push(payload));
    await listener.query('listen rtc_desk');
    const now = performance.now.bind(performance);
    let later = 0;
    t.mock.method(performance, 'now', () => now() + later);
    const nodeId = randomUUID();
    const db = await openDatabase({ databaseUrl, dataDir: '', nodeId });
    const calls = () => heard.filter((payload) => payload === `h ${nodeId}`).length;
    await waitUntil('it has called out', () => calls() === 1);
    db.wake.notify('call:1');
    await waitUntil('it tells', () => heard.includes(`t ${nodeId} call:1`));
    later = 3_500;
    const before = calls();
    await waitUntil('it hears itself again', () => calls() > before);
    db.wake.notify('call:2');
    await db.close();
    await listener.query(`select pg_notify('rtc_desk', 'the end')`);
    await waitUntil('all is heard', () => heard.includes('the end'));
    assert.equal(heard.includes(`t ${nodeId} call:2`), false);
  });

  it('tells nobody where there is nobody', async () => {
    const published: string[] = [];
    let alone = true;
    const channel = channelThat(
      (notices) => Promise.resolve(void published.push(...notices)),
      () => alone,
    );
    const wake = new NoticeWake('a', channel, pino({ level: 'silent' }));
    const heard: unknown[] = [];
    wake.listen((topics) => heard.push(topics));
    wake.notify('call:1');
    await waitUntil('the node itself is told', () => heard.length === 1);
    alone = false;
    wake.notify('call:2');
    await waitUntil('the other is told', () => published.length > 0);
    assert.deepEqual(published, ['t a call:2']);
    await wake.close();
  });

  it('tells the others everything when its own notices could not get through', async () => {
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

  it('sends what comes while a notice is on its way together, as soon as its time is over', async (t) => {
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
