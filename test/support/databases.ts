/** Runs one suite twice: on PGlite in a directory, and on PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe } from 'node:test';
import type { Database } from '../../src/server/database/database.ts';
import { openDatabase } from '../../src/server/database/open-database.ts';
import { freshDataDirectory } from './fresh-data-directory.ts';
import { freshPostgres } from './postgres.ts';

export interface TestDatabase {
  readonly kind: 'PGlite' | 'PostgreSQL';
  /** The open database. It is empty at the beginning of each test. */
  readonly db: Database;
  /** The node id with which `db` was opened. */
  readonly nodeId: string;
  /** Null for PGlite. */
  readonly url: string | null;
  /** Empties the database in the middle of a test. */
  empty(): Promise<void>;
  /** A second node's connection to the same data. PGlite has one node only: there it is `db` itself. */
  another(nodeId?: string): Promise<Database>;
}

/**
 * Deletes the rows of `sites`, `nodes` and `outbox`, and of each table that refers to them, with triggers and foreign keys
 * off. `truncate` makes new files for each table and index: it takes eight times as long in an embedded database.
 */
const EMPTY = `
do $$
declare emptied regclass;
begin
  perform set_config('session_replication_role', 'replica', true);
  for emptied in
    with recursive found (id) as (
      values ('sites'::regclass::oid), ('nodes'::regclass::oid), ('outbox'::regclass::oid)
      union select f.conrelid from pg_constraint f join found on f.confrelid = found.id where f.contype = 'f')
    select id from found
  loop
    execute format('delete from %s', emptied);
  end loop;
end $$`;

export function onBothDatabases(define: (test: TestDatabase) => void): void {
  for (const kind of ['PGlite', 'PostgreSQL'] as const) {
    describe(kind, () => {
      let db: Database | null = null;
      let url: string | null = null;
      let directory: Awaited<ReturnType<typeof freshDataDirectory>> | null = null;
      const nodeId = randomUUID();
      const others: Database[] = [];
      const opened = (): Database => {
        if (!db) throw new Error('The database is open only during the tests.');
        return db;
      };
      before(async () => {
        if (kind === 'PostgreSQL') url = await freshPostgres();
        else directory = await freshDataDirectory();
        db = await openDatabase({
          databaseUrl: url ?? undefined,
          dataDir: directory?.dataDir ?? '',
          nodeId,
        });
      });
      const empty = (): Promise<void> =>
        opened().transaction(async (tx) => {
          await tx.query(EMPTY);
        });
      beforeEach(empty);
      after(async () => {
        await Promise.all(others.map((other) => other.close()));
        await db?.close();
        await directory?.remove();
      });
      define({
        kind,
        nodeId,
        empty,
        get db() {
          return opened();
        },
        get url() {
          return url;
        },
        another: async (id = randomUUID()) => {
          if (!url) return opened();
          const other = await openDatabase({ databaseUrl: url, dataDir: '', nodeId: id });
          others.push(other);
          return other;
        },
      });
    });
  }
}
