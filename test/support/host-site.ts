import { listenOnLoopback, type Loopback } from './loopback.ts';

/** A customer's site on loopback: one page, with the headers that a test chooses. */
export class HostSite {
  private constructor(private readonly server: Loopback) {}

  /** `html` is called for each request, so that it can use addresses that are known later. */
  static async start(html: () => string, headers: Record<string, string> = {}): Promise<HostSite> {
    const server = await listenOnLoopback((request, response) => {
      if (request.url === '/favicon.ico') return void response.writeHead(204).end();
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
      response.end(html());
    });
    return new HostSite(server);
  }

  /** 127.0.0.1, not localhost: for a browser this is another site than the desk's. */
  get origin(): string {
    return `http://${this.server.host}`;
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
