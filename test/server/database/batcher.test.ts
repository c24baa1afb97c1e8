import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { unavailability } from '../../../src/server/database/database-unavailable.ts';
import { Batcher } from '../../../src/server/database/batcher.ts';

type Answer = { rows: { key: string; value: unknown }[]; rowCount: number };

/** A batcher over a database whose statements end when the test says so. */
function makeBatcher() {
  const runs: {
    readonly text: string;
    readonly columns: readonly (readonly unknown[])[];
    succeed(): void;
    fail(error: Error): void;
  }[] = [];
  const batcher = new Batcher(
    (text, values) =>
      new Promise<Answer>((resolve, reject) => {
        const columns = values as unknown[][];
        const [keys = [], first = []] = columns as [string[]?, unknown[]?];
        const rows = keys.map((key, i) => ({ key, value: first[i] }));
        runs.push({
          text,
          columns,
          succeed: () => resolve({ rows, rowCount: rows.length }),
          fail: reject,
        });
      }),
  );
  const request = (key: string, value: unknown, text = 'statement') =>
    batcher.run(text, key, [value]) as Promise<{ value: unknown } | undefined>;
  /** Lets everything run that waits for nothing else. */
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { runs, request, settle };
}

const sqlError = (code: string) => Object.assign(new Error(code), { code });

describe('a batcher', () => {
  it('runs a statement twice at a time, puts later requests into the next run, and gives each its own row', async () => {
    const { runs, request, settle } = makeBatcher();
    const first = request('a', 1);
    await settle();
    const others = [request('b', 2), request('c', 3)];
    await settle();
    assert.deepEqual(
      runs.map(({ columns }) => columns),
      [
        [['a'], [1]],
        [
          ['b', 'c'],
          [2, 3],
        ],
      ],
    );
    const last = [request('d', 4), request('e', 5)];
    await settle();
    assert.equal(runs.length, 2);
    runs[1]!.succeed();
    await settle();
    assert.deepEqual(runs[2]!.columns, [
      ['d', 'e'],
      [4, 5],
    ]);
    runs[0]!.succeed();
    runs[2]!.succeed();
    const answers = await Promise.all([first, ...others, ...last]);
    assert.deepEqual(
      answers.map((answer) => answer?.value),
      [1, 2, 3, 4, 5],
    );
  });

  it('never runs two requests of one key at the same time', async () => {
    const { runs, request, settle } = makeBatcher();
    const answers = [request('a', 1), request('b', 2), request('a', 3)];
    await settle();
    assert.deepEqual(
      runs.map(({ columns }) => columns[0]),
      [['a', 'b']],
    );
    runs[0]!.succeed();
    await settle();
    assert.deepEqual(runs[1]!.columns, [['a'], [3]]);
    runs[1]!.succeed();
    assert.equal((await answers[2])?.value, 3);
  });

  it('puts at most 32 requests into one statement', async () => {
    const { runs, request, settle } = makeBatcher();
    const answers = Array.from({ length: 38 }, (_, i) => request(`${i}`, i));
    await settle();
    assert.deepEqual(
      runs.map(({ columns }) => columns[0]?.length),
      [32, 6],
    );
    for (const run of runs) run.succeed();
    assert.equal((await Promise.all(answers))[37]?.value, 37);
  });

  it('rejects only the request whose value the database refused', async () => {
    const { runs, request, settle } = makeBatcher();
    const answers = Promise.allSettled([request('a', 1), request('b', 2)]);
    await settle();
    runs[0]!.fail(sqlError('23505'));
    await settle();
    runs[1]!.fail(sqlError('23505'));
    await settle();
    assert.deepEqual(runs[2]!.columns, [['b'], [2]]);
    runs[2]!.succeed();
    const [a, b] = await answers;
    assert.equal(a.status, 'rejected');
    assert.equal(b.status, 'fulfilled');
  });

  it('repeats requests one by one after a lock timeout, beside the next batches', async () => {
    const { runs, request, settle } = makeBatcher();
    const locked = unavailability(sqlError('55P03')) ?? assert.fail();
    const answers = [request('a', 1), request('b', 2)];
    await settle();
    runs[0]!.fail(locked);
    await settle();
    assert.deepEqual(runs[1]!.columns, [['a'], [1]]);
    // A new key runs at once. A key that is being repeated waits.
    answers.push(request('c', 3), request('a', 4), request('b', 5));
    await settle();
    assert.deepEqual(runs[2]!.columns, [['c'], [3]]);
    runs[2]!.succeed();
    assert.equal((await answers[2])?.value, 3);
    const rejected = assert.rejects(answers[0]!, locked);
    runs[1]!.fail(locked);
    await rejected;
    await settle();
    // The request that waited for key a, and the next repeated one.
    assert.deepEqual(runs[3]!.columns, [['a'], [4]]);
    assert.deepEqual(runs[4]!.columns, [['b'], [2]]);
    runs[4]!.succeed();
    runs[3]!.succeed();
    assert.equal((await answers[1])?.value, 2);
    await settle();
    assert.deepEqual(runs[5]!.columns, [['b'], [5]]);
    runs[5]!.succeed();
    assert.equal((await answers[4])?.value, 5);
    assert.equal(runs.length, 6);
  });

  it('does not repeat a request that has waited for 10 s', async (t) => {
    const { runs, request, settle } = makeBatcher();
    let now = 0;
    t.mock.method(performance, 'now', () => now);
    const locked = unavailability(sqlError('55P03')) ?? assert.fail();
    const answers = Promise.allSettled([request('a', 1), request('b', 2)]);
    await settle();
    now = 11_000;
    runs[0]!.fail(locked);
    for (const answer of await answers) assert.equal(answer.status, 'rejected');
    assert.equal(runs.length, 1);
  });

  it('rejects the whole batch when the database is away, and runs the next one', async () => {
    const { runs, request, settle } = makeBatcher();
    const answers = Promise.allSettled([request('a', 1), request('b', 2)]);
    await settle();
    runs[0]!.fail(sqlError('57P01'));
    assert.deepEqual(
      (await answers).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    const again = request('a', 1);
    await settle();
    runs[1]!.succeed();
    assert.equal((await again)?.value, 1);
  });
});
