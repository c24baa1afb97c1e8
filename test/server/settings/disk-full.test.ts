import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pino } from 'pino';
import { DatabaseUnavailable } from '../../../src/server/database/database-unavailable.ts';
import { diskFullHook, isDiskFull } from '../../../src/server/settings/disk-full.ts';

const full = () => Object.assign(new Error('no space'), { code: 'ENOSPC' });

describe('errors of a full disk', () => {
  it('are known by the code of Node or PostgreSQL, also as the cause of another error', () => {
    const refused = Object.assign(new Error('could not extend file'), { code: '53100' });
    for (const error of [
      full(),
      refused,
      new DatabaseUnavailable('busy', refused),
      new Error('write: No space left on device'),
    ]) {
      assert.equal(isDiskFull(error), true, error.message);
    }
    for (const error of [new Error('other'), undefined, 'ENOSPC', { code: 'ENOSPC' }]) {
      assert.equal(isDiskFull(error), false, String(error));
    }
  });

  it('are one line a minute without a stack, which counts the others; nothing else is left out', () => {
    let now = 0;
    const lines: Record<string, unknown>[] = [];
    const logger = pino(
      { hooks: diskFullHook(() => now) },
      { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
    );
    const child = logger.child({ route: '/x' });
    for (let i = 0; i < 100; i += 1) child.error({ err: full() }, 'a request failed');
    logger.error({ err: new Error('another') }, 'a request failed');
    now = 59_999;
    logger.warn({ err: full() }, 'sweep failed');
    now = 60_000;
    logger.warn({ err: full() }, 'sweep failed');
    logger.info('works again');
    assert.deepEqual(
      lines.map(({ msg, errors }) => [msg, errors]),
      [
        ['the disk is full: free some space', 1],
        ['a request failed', undefined],
        ['the disk is full: free some space', 101],
        ['works again', undefined],
      ],
    );
    assert.equal(lines[0]?.['reason'], 'no space');
    assert.equal(lines[0]?.['err'], undefined);
  });

  it('are told in full when the process ends of one', () => {
    const lines: string[] = [];
    const logger = pino(
      { hooks: diskFullHook(() => 0) },
      { write: (line) => void lines.push(line) },
    );
    logger.error({ err: full() }, 'first');
    logger.fatal({ err: full() }, 'uncaught error');
    assert.match(lines[1] ?? '', /"stack"/);
  });
});
