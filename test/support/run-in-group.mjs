/**
 * Runs Node with these arguments; when this process ends, however it ends, all that was started and written ends too.
 *
 *     node test/support/run-in-group.mjs --import=tsx test/bench/run.ts
 */
import { ProcessGroup } from './process-group.mjs';

const group = new ProcessGroup();
process.exitCode = await group.run([process.execPath, ...process.argv.slice(2)]);
await group.close();
