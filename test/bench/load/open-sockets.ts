/** Holds many sockets open: visitors who wait in a queue, or sockets of which nothing is asked. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { PROTOCOL_VERSION } from '../../../src/protocol/version.ts';
import type { ServerMessage } from '../../../src/protocol/server-messages.ts';
import { answerJobs } from '../child.ts';
import { ownAddress } from './connect.ts';

export interface Waiting {
  readonly site: string;
  readonly resume: string;
}

/** Sockets that are being opened at a time. */
const AT_ONCE = 50;

const sockets: WebSocket[] = [];

const jobs = {
  /** Resolves when everyone has seen their place in the queue. */
  wait: ({ server, people }: { server: string; people: readonly Waiting[] }) =>
    openAll(people, async ({ site, resume }) => {
      const socket = await open(`${server}/ws`);
      const hello = { type: 'hello', protocol: PROTOCOL_VERSION, role: 'visitor', site, resume };
      const placed = new Promise<void>((resolve, reject) => {
        socket.on('message', (data: Buffer) => {
          const message = JSON.parse(data.toString('utf8')) as ServerMessage;
          if (message.type === 'snapshot') resolve();
        });
        socket.once('close', (code) => reject(new Error(`closed with ${code}`)));
      });
      socket.send(JSON.stringify(hello));
      await placed;
    }),

  hold: ({ server, count }: { server: string; count: number }) =>
    openAll(Array.from({ length: count }), () => open(server)),

  /** How many are open at this moment. */
  count: () => sockets.filter(({ readyState }) => readyState === WebSocket.OPEN).length,
};

async function openAll<T>(all: readonly T[], one: (item: T) => Promise<unknown>): Promise<void> {
  const left = all.entries();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const [, item] of left) await one(item);
    }),
  );
}

async function open(server: string): Promise<WebSocket> {
  const socket = new WebSocket(server.replace(/^http/, 'ws'), {
    localAddress: ownAddress(),
    perMessageDeflate: false,
  });
  sockets.push(socket);
  await once(socket, 'open');
  return socket;
}

export type HoldersJobs = typeof jobs;
answerJobs(jobs);
