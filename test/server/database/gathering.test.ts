import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Gathering } from '../../../src/server/database/gathering.ts';

type Answer = { rows: { key: string; value: unknown }[]; rowCount: number };

/** Gathers over a database whose statements end when the test says so. */
function gathering({ atOnce = 1 } = {}) {
  const runs: {
    readonly columns: readonly (readonly unknown[])[];
    answer(): void;
    fail(error: Error): void;
  }[] = [];
  const asking = new Gathering(
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

  it('shares many out among statements side by side, and makes few wait for the one that runs', async () => {
    const { runs, ask, settle } = gathering({ atOnce: 2 });
    const many = Array.from({ length: 20 }, (_, i) => ask(`key-${i}`, i));
    await settle();
    assert.deepEqual(
      runs.map(({ columns }) => columns[0]!.length),
      [10, 10],
    );
    // The same thing waits for its first answer, whatever else could go; a few wait for the one that runs.
    const again = ask('key-19', 'again');
    runs[0]!.answer();
    await settle();
    assert.equal(runs.length, 2);
    const few = ask('new', 'new');
    await settle();
    assert.equal(runs.length, 2);
    runs[1]!.answer();
    await settle();
    assert.deepEqual(runs[2]!.columns[0], ['key-19', 'new']);
    runs[2]!.answer();
    assert.deepEqual(
      (await Promise.all([...many, again, few])).map((answer) => answer?.value),
      [...many.keys(), 'again', 'new'],
    );
  });

  it('keeps one statement’s wait from another', async () => {
    const { runs, ask, settle } = gathering();
    void ask('a', 1, 'one');
    void ask('a', 2, 'other');
    await settle();
    assert.equal(runs.length, 2);
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
