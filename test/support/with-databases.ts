/**
 * Runs a command with the databases that its test processes share: one PostgreSQL server, and one empty PGlite
 * directory to copy. Each takes seconds to make, so they are made once.
 *
 *     node --import=tsx test/support/with-databases.ts command [argument …]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { startPostgres } from './postgres-server.ts';

const [command = '', ...args] = process.argv.slice(2);
const template = mkdtempSync(join(tmpdir(), 'rtc-desk-template-'));
process.on('exit', () => rmSync(template, { recursive: true, force: true }));

// PostgreSQL first: opening an embedded database closes this process's new files to other users, and PostgreSQL's user
// has to read one.
const postgres = await startPostgres();
const embedded = await openDatabase({ dataDir: template, nodeId: 'template' });
await embedded.close();
let code = 1;
try {
  code = await run();
} finally {
  await postgres.stop();
}
// The library that starts PostgreSQL ends a process with 0, whatever `process.exitCode` is.
process.exit(code);

/** Runs the command and passes signals on to it. Answers with its exit code. */
function run(): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: {
        ...process.env,
        RTC_DESK_TEST_POSTGRES: postgres.address,
        RTC_DESK_TEST_DATA_DIRECTORY: template,
      },
    });
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => child.kill(signal));
    }
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
