import { DeskCommand } from './desk-command.ts';

/** All of a test's people come from one address, where others have thousands. */
export const ONE_ADDRESS = { MAX_SOCKETS: '60000', MAX_SOCKETS_PER_ADDRESS: '60000' } as const;

/** One of several server processes on one PostgreSQL. */
export interface DeskNode {
  readonly url: string;
  readonly port: number;
  readonly command: DeskCommand;
}

/** The demo on this database, on a port of its own; resolves when it listens. */
export async function startDeskNode(
  databaseUrl: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<DeskNode> {
  const command = new DeskCommand(['serve', '--demo', '--port', '0'], {
    DATABASE_URL: databaseUrl,
    // Every node of one database signs with the same key.
    RTC_DESK_SECRET: 'the-key-of-all-nodes-of-this-test',
    ...ONE_ADDRESS,
    ...environment,
  });
  const url = await command.listening();
  return { url, port: Number(new URL(url).port), command };
}
