/** Holds many sockets open, as a child process: visitors who wait in a queue, or sockets without any message. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION } from '../../../src/protocol/version.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import { answerJobs } from '../child.ts';
import { nextAddress } from './connect.ts';

export interface WaitingVisitor {
  readonly site: string;
  readonly resume: string;
}

const MAX_CONCURRENT_OPENS = 50;

const sockets: WebSocket[] = [];

const jobs = {
  /** Opens a socket for each visitor. Resolves when every one has a snapshot. */
  openVisitors: ({ server, visitors }: { server: string; visitors: readonly WaitingVisitor[] }) =>
    forEachConcurrently(visitors, async ({ site, resume }) => {
      const socket = await open(`${server}/ws`);
      const hello = { type: 'hello', protocol: PROTOCOL_VERSION, role: 'visitor', site, resume };
      const snapshot = new Promise<void>((resolve, reject) => {
        socket.on('message', (data: Buffer) => {
          const message = JSON.parse(data.toString('utf8')) as ServerMessage;
          if (message.type === 'snapshot') resolve();
        });
        socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
      });
      socket.send(JSON.stringify(hello));
      await snapshot;
    }),

  /** Opens sockets that send nothing. */
  openSilent: ({ server, count }: { server: string; count: number }) =>
    forEachConcurrently(Array.from({ length: count }), () => open(server)),

  /** How many sockets are open now. */
  count: () => sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length,
};

async function forEachConcurrently<T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const left = items.entries();
  await Promise.all(
    Array.from({ length: MAX_CONCURRENT_OPENS }, async () => {
      for (const [, item] of left) await work(item);
    }),
  );
}

async function open(server: string): Promise<WebSocket> {
  const socket = new WebSocket(server.replace(/^http/, 'ws'), {
    localAddress: nextAddress(),
    perMessageDeflate: false,
  });
  sockets.push(socket);
  await once(socket, 'open');
  return socket;
}

export type OpenSocketsJobs = typeof jobs;
answerJobs(jobs);
