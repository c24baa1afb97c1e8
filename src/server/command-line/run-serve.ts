import { makeLogger } from '../settings/logger.ts';
import { DEMO_PASSWORD } from '../sites/demo-site.ts';
import type { Settings } from '../settings/settings.ts';
import { startServer, type RunningServer } from '../start-server.ts';

/** How long a stop may take; in ms. */
const DEADLINE = 10_000;
/** Beyond that something hangs, and the process ends without it. */
const GIVE_UP = DEADLINE + 2_000;

/** Serves until SIGTERM or SIGINT; a second one ends the process at once. */
export async function runServe(settings: Settings): Promise<void> {
  const logger = makeLogger(settings.logLevel);
  let server: RunningServer | null = null;
  let asked = false;
  const stop = (signal: NodeJS.Signals): void => {
    // Whatever is half done, the database and the data directory's lock bear it.
    if (asked) process.exit(1);
    asked = true;
    logger.info({ signal }, 'asked to stop');
    // While starting: seen below, as soon as there is something to stop.
    if (server) void end(server);
  };
  const end = async (running: RunningServer): Promise<void> => {
    setTimeout(() => {
      logger.error('the stop took too long');
      process.exit(1);
    }, GIVE_UP).unref();
    try {
      await running.close({ deadline: DEADLINE });
      process.exit(0);
    } catch (error) {
      logger.error({ err: error }, 'the stop failed');
      process.exit(1);
    }
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // After an error that nobody caught no promise of this process holds: the next one starts from the truth.
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'an error that nobody caught');
    process.exit(1);
  });
  server = await startServer(settings, {
    logger,
    // Even to close the database would be to write into what may be another's.
    onLockLost: () => process.exit(1),
  });
  if (asked) return end(server);
  process.stdout.write(settings.demo ? demoWelcome(server) : `rtc-desk listens on ${server.url}\n`);
}

function demoWelcome({ port }: RunningServer): string {
  const base = `http://localhost:${port}`;
  return `
  rtc-desk is ready.

  Start here      ${base}/demo/
  The customer    ${base}/demo/site/?device=METER-0042&fault=no-power
  The agent       ${base}/demo/crm/      sign in as alice or bob, password ${DEMO_PASSWORD}
  A room          ${base}/demo/room/

  Open the agent in one window and the customer in another. Ctrl+C stops it.

`;
}
