import type { Database } from '../../src/server/database/database.ts';

/** The same database, but with another `query`. Closing it closes nothing. */
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
