import { listenOnLoopback, type Loopback } from './loopback.ts';

/** Somebody else's site on loopback: one page under whatever headers it likes. */
export class HostSite {
  private constructor(private readonly server: Loopback) {}

  /** `html` is asked for at each request, so that it can name addresses that are known later. */
  static async start(html: () => string, headers: Record<string, string> = {}): Promise<HostSite> {
    const server = await listenOnLoopback((request, response) => {
      if (request.url === '/favicon.ico') return void response.writeHead(204).end();
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
      response.end(html());
    });
    return new HostSite(server);
  }

  /** 127.0.0.1, not localhost: another site than the desk's, as a browser sees it. */
  get origin(): string {
    return `http://${this.server.host}`;
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
