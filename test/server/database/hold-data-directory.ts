/** A process that opens a data directory, prints `open`, and holds it until it is ended. */
import { openDatabase } from '../../../src/server/database/open-database.ts';

const database = await openDatabase({ dataDir: process.argv[2] ?? '', nodeId: 'holder' });
await database.query(`insert into sites (id, name) values ('kept', 'Kept') on conflict do nothing`);
process.stdout.write('open\n');
process.on('SIGTERM', () => void database.close());
setInterval(() => undefined, 1_000).unref();
process.stdin.resume();
process.on('SIGTERM', () => process.stdin.destroy());
