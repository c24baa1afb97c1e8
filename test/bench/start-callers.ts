import type { Child } from './child.ts';
import type { DeskCluster } from './desk-cluster.ts';
import type { CallersJobs } from './load/callers.ts';

/** Enough agents and visitors that neither run short: a call lasts some 50 ms. */
const AGENTS = 100;
export const VISITORS = 300;

/** Starts a process with the visitors and agents of a busy site, connected to the nodes of the cluster in turn. */
export async function startCallers(cluster: DeskCluster): Promise<Child<CallersJobs>> {
  const { id, agents } = await cluster.site(AGENTS);
  const callers = cluster.child<CallersJobs>('./load/callers.ts');
  await callers.ask('connect', {
    servers: cluster.urls,
    site: id,
    agentTokens: agents.map(({ token }) => token),
    visitors: VISITORS,
  });
  return callers;
}
