import { makeLogger } from '../settings/logger.ts';
import { DEMO_PASSWORD } from '../sites/demo-site.ts';
import type { Settings } from '../settings/settings.ts';
import { startServer, type RunningServer } from '../start-server.ts';

/** How long a stop may take. */
const STOP_MS = 10_000;
/** After this time something hangs, and the process exits without waiting for it. */
const EXIT_MS = STOP_MS + 2_000;

/** Serves until SIGTERM or SIGINT. A second signal ends the process at once. */
export async function runServe(settings: Settings): Promise<void> {
  const logger = makeLogger(settings.logLevel);
  let server: RunningServer | null = null;
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    // The database and the data directory's lock survive an exit at any moment.
    if (stopping) process.exit(1);
    stopping = true;
    logger.info({ signal }, 'told to stop');
    // During the start there is no server yet: it is stopped below.
    if (server) void end(server);
  };
  const end = async (running: RunningServer): Promise<void> => {
    setTimeout(() => {
      logger.error('the stop took too long');
      process.exit(1);
    }, EXIT_MS).unref();
    try {
      await running.close({ deadline: STOP_MS });
      process.exit(0);
    } catch (error) {
      logger.error({ err: error }, 'the stop failed');
      process.exit(1);
    }
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // After an uncaught error the state of this process is unknown. The next process reads the state from the database.
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'uncaught error');
    process.exit(1);
  });
  server = await startServer(settings, {
    logger,
    // Not even the database is closed: the directory may be another process's now.
    onLockLost: () => process.exit(1),
  });
  if (stopping) return end(server);
  process.stdout.write(settings.demo ? demoWelcome(server) : await welcome(server));
}

/** The link is printed and not logged: who has it becomes the owner. */
async function welcome(server: RunningServer): Promise<string> {
  const link = await server.setupLink();
  const listens = `rtc-desk listens on ${server.url}\n`;
  if (link === null) return listens;
  return `${listens}
There is no site yet. Make the first one and its owner within an hour, by this link, which works once:
  ${link}
A restart prints another link. \`rtc-desk provision FILE.json\` makes a site from a file instead.
`;
}

function demoWelcome({ port }: RunningServer): string {
  const base = `http://localhost:${port}`;
  return `
  rtc-desk is ready.

  Start here      ${base}/demo/
  The customer    ${base}/demo/site/?device=METER-0042&fault=no-power
  The agent       ${base}/demo/crm/      sign in as alice or bob, password ${DEMO_PASSWORD}
  A room          ${base}/demo/room/
  The console     ${base}/admin          sign in as olivia (owner) or sam (supervisor), password ${DEMO_PASSWORD}

  Open the agent in one window and the customer in another. Ctrl+C stops it.

`;
}
