import type { Database } from '../../src/server/database/database.ts';

/** The database, but for its single statements: those are `query`'s. Closing it closes nothing. */
export function withQuery(db: Database, query: Database['query']): Database {
  return {
    query,
    embedded: db.embedded,
    wake: db.wake,
    batch: (text, key, values) => db.batch(text, key, values),
    transaction: (work) => db.transaction(work),
    close: () => Promise.resolve(),
  };
}
