import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An HTTP server on loopback, on a free port. */
export interface Loopback {
  /** 127.0.0.1 and the port. */
  readonly host: string;
  /** Closes the server and all open connections. */
  close(): Promise<void>;
}

/** `sockets` answers the server's upgrades. */
export async function listenOnLoopback(
  handle: RequestListener,
  sockets?: { attach(server: Server): void },
): Promise<Loopback> {
  const server = createServer(handle);
  sockets?.attach(server);
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
