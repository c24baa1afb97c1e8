import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { verifyPassword } from '../../../src/server/identity/password.ts';
import { passwordThreads } from '../../../src/server/identity/password-threads.ts';
import { RetryLaterError } from '../../../src/server/rate-limits/retry-later-error.ts';

describe('the threads that hash passwords', () => {
  it('leave the threads that read files alone', async () => {
    const finished: string[] = [];
    const hashes = Array.from({ length: 16 }, () =>
      verifyPassword('x', null).then(() => finished.push('hash')),
    );
    await readFile(new URL(import.meta.url)).then(() => finished.push('file'));
    await Promise.all(hashes);
    // In Node's own four threads the file would wait until most hashes are done.
    assert.ok(finished.indexOf('file') < 8, finished.join(' '));
  });

  it('refuse a sign-in while many wait, and have room again afterwards', async () => {
    const hashes = Array.from({ length: 18 }, () => verifyPassword('x', null));
    // The pool takes tasks into its threads when those have started.
    while (passwordThreads.waiting < 16) await new Promise(setImmediate);
    assert.throws(() => passwordThreads.requirePlace(), RetryLaterError);
    await Promise.all(hashes);
    passwordThreads.requirePlace();
  });
});
