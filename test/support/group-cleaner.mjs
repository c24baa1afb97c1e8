/**
 * The process that outlives its owner (process-group.mjs), and cleans up after it:
 *
 *     node test/support/group-cleaner.mjs FOLDER
 *
 * Waits until standard input closes. Then kills every process group that has a file in FOLDER/groups, and removes
 * FOLDER. Ends as soon as the folder stays away.
 */
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { killGroup } from './process-group.mjs';

const CHECK_MS = 100;
/** A process that is about to end may write once more: the folder must stay away for so many checks. */
const CHECKS_IN_A_ROW = 5;
const MAX_CHECKS = 100;

const [folder = ''] = process.argv.slice(2);

// A signal to the owner's terminal or session is no reason to leave before the work is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => undefined);

process.stdin.resume();
await once(process.stdin, 'close');

let absent = 0;
for (let check = 0; check < MAX_CHECKS && absent < CHECKS_IN_A_ROW; check += 1) {
  absent = cleanUp() ? absent + 1 : 0;
  if (absent < CHECKS_IN_A_ROW) await delay(CHECK_MS);
}

/** Answers with whether there was nothing to clean up. */
function cleanUp() {
  if (!existsSync(folder)) return true;
  for (const id of groups()) killGroup(Number(id));
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    // A process that is being killed wrote into the folder meanwhile: the next check removes that too.
    if (!['ENOTEMPTY', 'EBUSY'].includes(error.code)) throw error;
  }
  return false;
}

function groups() {
  const list = join(folder, 'groups');
  return existsSync(list) ? readdirSync(list) : [];
}
