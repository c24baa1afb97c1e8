import { lookup } from 'node:dns/promises';

/**
 * Where to listen for a setting of HOST. `localhost` is both 127.0.0.1 and ::1 on most machines, and Fastify would
 * make a server for each: a stop waits for the first alone, while the other lets people in who were just told to go
 * elsewhere, and nobody cuts what is left there. Every other name Node itself takes as one address.
 */
export async function listenAddress(host: string): Promise<string> {
  if (host !== 'localhost') return host;
  // The default's family first, so that this name is as good as leaving HOST away.
  const { address } = await lookup(host, { verbatim: false });
  return address;
}
