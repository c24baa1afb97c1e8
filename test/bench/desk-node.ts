/** A node of the desk, as a child process. Its settings come from the environment, as in production. */
import { readSettings } from '../../src/server/settings/read-settings.ts';
import { startServer } from '../../src/server/start-server.ts';
import { answerJobs } from './child.ts';
import { processMetrics } from './process-metrics.ts';

const jobs = {
  ...processMetrics,
  /** Answers with the address. */
  async start(): Promise<string> {
    const { url } = await startServer(readSettings(process.env));
    return url;
  },
};

export type DeskNodeJobs = typeof jobs;
answerJobs(jobs);
