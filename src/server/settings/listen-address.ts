import { lookup } from 'node:dns/promises';

/**
 * The address to listen on for a setting of HOST. `localhost` is both 127.0.0.1 and ::1 on most machines, and Fastify
 * makes a server for each. A stop waits for the first server only: the other one still accepts connections, and nobody
 * cuts those that are left. Node resolves every other name to one address itself.
 */
export async function listenAddress(host: string): Promise<string> {
  if (host !== 'localhost') return host;
  // The first address of the system's order, so that `localhost` acts like the default HOST.
  const { address } = await lookup(host, { verbatim: false });
  return address;
}
