import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on loopback, on a free port. */
export interface Loopback {
  /** 127.0.0.1 and the port. */
  readonly host: string;
  /** Closes the server and all open connections. */
  close(): Promise<void>;
}

export async function listenOnLoopback(handle: RequestListener): Promise<Loopback> {
  const server = createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
