import { DeskCommand } from './desk-command.ts';

/** All clients of a test come from one address, so the limits for one address have to be high. */
export const ONE_ADDRESS = { MAX_SOCKETS: '60000', MAX_SOCKETS_PER_ADDRESS: '60000' } as const;

/** One server process. Several may share one PostgreSQL. */
export interface DeskNode {
  readonly url: string;
  readonly port: number;
  readonly command: DeskCommand;
}

/** Starts a server with the demo data on this database and a free port. Resolves when it listens. */
export async function startDeskNode(
  databaseUrl: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<DeskNode> {
  const command = new DeskCommand(['serve', '--demo', '--port', '0'], {
    DATABASE_URL: databaseUrl,
    // All nodes of one database sign with the same key.
    RTC_DESK_SECRET: 'the-key-of-all-nodes-of-this-test',
    ...ONE_ADDRESS,
    ...environment,
  });
  const url = await command.listening();
  return { url, port: Number(new URL(url).port), command };
}
