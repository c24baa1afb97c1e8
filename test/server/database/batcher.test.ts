import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unavailability } from '../../../src/server/database/database-unavailable.ts';
import { Batcher } from '../../../src/server/database/batcher.ts';

type Answer = { rows: { key: string; value: unknown }[]; rowCount: number };

/** Gathers over a database whose statements end when the test says so. */
function gathering({ atOnce = 1 } = {}) {
  const runs: {
    readonly columns: readonly (readonly unknown[])[];
    answer(): void;
    fail(error: Error): void;
  }[] = [];
  const asking = new Batcher(
    (_text, values) =>
      new Promise<Answer>((resolve, reject) => {
        const columns = values as unknown[][];
        const [keys = [], first = []] = columns as [string[]?, unknown[]?];
        const rows = keys.map((key, i) => ({ key, value: first[i] }));
        runs.push({
          columns,
          answer: () => resolve({ rows, rowCount: rows.length }),
          fail: reject,
        });
      }),
    atOnce,
  );
  const ask = (key: string, value: unknown, text = 'statement') =>
    asking.ask(text, key, [value]) as Promise<{ value: unknown } | undefined>;
  /** Lets everything run that waits for nothing else. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { runs, ask, settle };
}

const sqlError = (code: string) => Object.assign(new Error(code), { code });

describe('statements gathered', () => {
  it('puts together what came while one ran, and gives everyone their own answer', async () => {
    const { runs, ask, settle } = gathering();
    const first = ask('a', 1);
    await settle();
    const others = [ask('b', 2), ask('c', 3)];
    await settle();
    assert.equal(runs.length, 1);
    runs[0]!.answer();
    await settle();
    assert.deepEqual(runs[1]!.columns, [
      ['b', 'c'],
      [2, 3],
    ]);
    runs[1]!.answer();
    const answers = await Promise.all([first, ...others]);
    assert.deepEqual(
      answers.map((answer) => answer?.value),
      [1, 2, 3],
    );
  });

  it('never asks about one thing twice in a statement', async () => {
    const { runs, ask, settle } = gathering();
    const answers = [ask('a', 1), ask('b', 2), ask('a', 3)];
    await settle();
    assert.deepEqual(runs[0]!.columns[0], ['a', 'b']);
    runs[0]!.answer();
    await settle();
    assert.deepEqual(runs[1]!.columns, [['a'], [3]]);
    runs[1]!.answer();
    assert.equal((await answers[2])?.value, 3);
  });

  it('runs no statement twice at a time, and no more of them than it may, the fullest line first', async () => {
    const { runs, ask, settle } = gathering({ atOnce: 2 });
    const answers = [ask('a', 1, 'one'), ask('a', 2, 'other')];
    await settle();
    assert.equal(runs.length, 2);
    answers.push(
      ask('b', 3, 'one'),
      ask('a', 4, 'third'),
      ask('c', 5, 'one'),
      ask('a', 6, 'fourth'),
    );
    await settle();
    assert.equal(runs.length, 2);
    // The other is through: 'one' still runs, so that its two wait, and of the rest who came first goes.
    runs[1]!.answer();
    await settle();
    assert.deepEqual(runs[2]!.columns, [['a'], [4]]);
    runs[0]!.answer();
    await settle();
    assert.deepEqual(runs[3]!.columns, [
      ['b', 'c'],
      [3, 5],
    ]);
    runs[2]!.answer();
    await settle();
    runs[3]!.answer();
    runs[4]!.answer();
    assert.deepEqual(
      (await Promise.all(answers)).map((answer) => answer?.value),
      [1, 2, 3, 4, 5, 6],
    );
  });

  it('lets nobody wait for ever behind fuller lines', async (t) => {
    const { runs, ask, settle } = gathering();
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    void ask('running', 0);
    await settle();
    void ask('alone', 1, 'other');
    now = 1_000;
    void ask('a', 2);
    void ask('b', 3);
    runs[0]!.answer();
    await settle();
    assert.deepEqual(runs[1]!.columns, [['alone'], [1]]);
    runs[1]!.answer();
    await settle();
    assert.deepEqual(runs[2]!.columns[0], ['a', 'b']);
  });

  it('finds the one whose value the database refused, and answers the others', async () => {
    const { runs, ask, settle } = gathering();
    const answers = Promise.allSettled([ask('a', 1), ask('b', 2)]);
    await settle();
    runs[0]!.fail(sqlError('23505'));
    await settle();
    runs[1]!.fail(sqlError('23505'));
    await settle();
    assert.deepEqual(runs[2]!.columns, [['b'], [2]]);
    runs[2]!.answer();
    const [a, b] = await answers;
    assert.equal(a.status, 'rejected');
    assert.equal(b.status, 'fulfilled');
  });

  it('asks one by one for those who waited for a row in vain, beside all others', async () => {
    const { runs, ask, settle } = gathering();
    const locked = unavailability(sqlError('55P03')) ?? assert.fail();
    const answers = [ask('a', 1), ask('b', 2)];
    await settle();
    runs[0]!.fail(locked);
    await settle();
    assert.deepEqual(runs[1]!.columns, [['a'], [1]]);
    // Whoever comes meanwhile goes as ever, but for those who are asked for alone.
    answers.push(ask('c', 3), ask('a', 4), ask('b', 5));
    await settle();
    assert.deepEqual(runs[2]!.columns, [['c'], [3]]);
    runs[2]!.answer();
    assert.equal((await answers[2])?.value, 3);
    const rejected = assert.rejects(answers[0]!, locked);
    runs[1]!.fail(locked);
    await rejected;
    await settle();
    // Who asks about what the first was about, and the next alone.
    assert.deepEqual(runs[3]!.columns, [['a'], [4]]);
    assert.deepEqual(runs[4]!.columns, [['b'], [2]]);
    runs[4]!.answer();
    runs[3]!.answer();
    assert.equal((await answers[1])?.value, 2);
    await settle();
    assert.deepEqual(runs[5]!.columns, [['b'], [5]]);
    runs[5]!.answer();
    assert.equal((await answers[4])?.value, 5);
    assert.equal(runs.length, 6);
  });

  it('asks alone for nobody who has waited for long already', async (t) => {
    const { runs, ask, settle } = gathering();
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    const locked = unavailability(sqlError('55P03')) ?? assert.fail();
    const answers = Promise.allSettled([ask('a', 1), ask('b', 2)]);
    await settle();
    now = 11_000;
    runs[0]!.fail(locked);
    for (const answer of await answers) assert.equal(answer.status, 'rejected');
    assert.equal(runs.length, 1);
  });

  it('rejects all where the database is away, and goes on with the next', async () => {
    const { runs, ask, settle } = gathering();
    const answers = Promise.allSettled([ask('a', 1), ask('b', 2)]);
    await settle();
    runs[0]!.fail(sqlError('57P01'));
    assert.deepEqual(
      (await answers).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    const again = ask('a', 1);
    await settle();
    runs[1]!.answer();
    assert.equal((await again)?.value, 1);
  });
});
