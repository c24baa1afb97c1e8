import { after, before, describe } from 'node:test';
import { freshDataDirectory } from './fresh-data-directory.ts';
import { freshPostgres } from './postgres.ts';
import {
  startSignalingServer,
  type SignalingServer,
  type SignalingServerOptions,
  type TestStore,
} from './signaling-server.ts';

export interface ServerOnStore {
  readonly kind: 'PGlite' | 'PostgreSQL';
  readonly store: TestStore;
  /** The server that runs for the whole suite. Each test makes its own site. */
  readonly server: SignalingServer;
}

/** Runs one suite twice: with a signaling server on PGlite, and with one on PostgreSQL. */
export function onBothStores(
  define: (test: ServerOnStore) => void,
  options: SignalingServerOptions = {},
): void {
  for (const kind of ['PGlite', 'PostgreSQL'] as const) {
    describe(kind, () => {
      let store: TestStore | null = null;
      let server: SignalingServer | null = null;
      let directory: Awaited<ReturnType<typeof freshDataDirectory>> | null = null;
      const present = <T>(value: T | null): T => {
        if (value === null) throw new Error('The server runs only during the tests.');
        return value;
      };
      before(async () => {
        if (kind === 'PGlite') directory = await freshDataDirectory();
        store = directory ? { dataDir: directory.dataDir } : { databaseUrl: await freshPostgres() };
        server = await startSignalingServer(store, options);
      });
      after(async () => {
        await server?.stop();
        await directory?.remove();
      });
      define({
        kind,
        get store() {
          return present(store);
        },
        get server() {
          return present(server);
        },
      });
    });
  }
}
