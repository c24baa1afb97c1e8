import { request } from 'node:http';
import { lookup } from 'node:dns';
import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { Transport } from '../../src/server/outgoing/post.ts';
import { listenOnLoopback, type Loopback } from './loopback.ts';

export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Plain HTTP to loopback in place of HTTPS to public addresses: the port of the address is kept. */
export const loopbackTransport: Transport = {
  open: (url, options, answered) =>
    request({ ...options, host: '127.0.0.1', port: url.port, path: url.pathname }, answered),
  lookup,
  isAllowed: () => true,
};

/** An endpoint on loopback that verifies each request with the library of the Standard Webhooks specification. */
export class WebhookReceiver {
  readonly events: ReceivedEvent[] = [];
  /** What the library said of requests that it refused. */
  readonly refusals: string[] = [];
  secret = '';
  /** Answers instead of `204`, for a broken endpoint. */
  broken: ((response: ServerResponse) => void) | null = null;
  #server!: Loopback;

  static async open(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    receiver.#server = await listenOnLoopback(async (incoming, response) => {
      const body = await text(incoming);
      // A connection that is kept for the next test may have just timed out when that comes.
      response.setHeader('connection', 'close');
      const headers = incoming.headers as Record<string, string>;
      try {
        const event = new Webhook(receiver.secret).verify(body, headers);
        const id = headers['webhook-id'] ?? '';
        receiver.events.push({ ...(event as Omit<ReceivedEvent, 'id'>), id });
      } catch (error) {
        receiver.refusals.push((error as Error).message);
      }
      if (receiver.broken) return receiver.broken(response);
      response.writeHead(204).end();
    });
    return receiver;
  }

  get url(): string {
    return `https://hooks.example.com:${this.#server.host.split(':')[1]}/rtc-desk`;
  }

  close(): Promise<void> {
    return this.#server.close();
  }
}
