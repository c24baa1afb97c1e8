import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Somebody else's site on loopback: one page under whatever headers it likes. */
export class HostSite {
  private constructor(private readonly server: Server) {}

  /** `html` is asked for at each request, so that it can name addresses that are known later. */
  static async start(html: () => string, headers: Record<string, string> = {}): Promise<HostSite> {
    const server = createServer((request, response) => {
      if (request.url === '/favicon.ico') return void response.writeHead(204).end();
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
      response.end(html());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostSite(server);
  }

  /** 127.0.0.1, not localhost: another site than the desk's, as a browser sees it. */
  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}
