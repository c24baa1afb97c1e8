import type { Database, Queryable } from '../../src/server/database/database.ts';

/** The same database, but with another `query`. Closing it closes nothing. */
export function withQuery(db: Database, query: Database['query']): Database {
  return {
    query,
    embedded: db.embedded,
    wake: db.wake,
    batch: (text, key, values) => db.batch(text, key, values),
    transaction: (work) => db.transaction(work),
    dumpFiles: () => db.dumpFiles(),
    close: () => Promise.resolve(),
  };
}

/** The same database, but every transaction sees what `wrap` makes of it. Closing it closes nothing. */
export function withTransaction(db: Database, wrap: (tx: Queryable) => Queryable): Database {
  return {
    ...withQuery(db, (text, values) => db.query(text, values)),
    transaction: (work) => db.transaction((tx) => work(wrap(tx))),
  };
}
