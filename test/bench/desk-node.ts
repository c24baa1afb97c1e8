/** A server of ours as a child of a benchmark; its settings come from the environment, as in production. */
import { readSettings } from '../../src/server/settings/read-settings.ts';
import { startServer, type RunningServer } from '../../src/server/start-server.ts';
import { answerJobs } from './child.ts';
import { vitals } from './vitals.ts';

let server: RunningServer | null = null;

const jobs = {
  ...vitals,
  /** Answers with the address. */
  async start(): Promise<string> {
    server = await startServer(readSettings(process.env));
    return server.url;
  },
  async stop(): Promise<void> {
    await server?.close({ deadline: 1_000 });
  },
};

export type DeskNodeJobs = typeof jobs;
answerJobs(jobs);
