/** The same load for the bare server, as a child process: messages that come back. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { answerJobs } from '../child.ts';
import { nextAddress } from './connect.ts';
import { atRate, percentile } from './rate.ts';

const sockets: WebSocket[] = [];
const sent = new Map<string, number>();
let times: number[] = [];

const jobs = {
  async connect({ server, count }: { server: string; count: number }): Promise<void> {
    for (let i = 0; i < count; i += 1) sockets.push(await open(server));
  },
  async echo({
    rate,
    seconds,
  }: {
    rate: number;
    seconds: number;
  }): Promise<{ p50: number; p99: number }> {
    times = [];
    let next = 0;
    await atRate(rate, seconds, () => {
      const text = `visitor ${next}`;
      sent.set(text, performance.now());
      sockets[next++ % sockets.length]?.send(text);
    });
    return { p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
  },
};

async function open(server: string): Promise<WebSocket> {
  const socket = new WebSocket(server.replace(/^http/, 'ws'), { localAddress: nextAddress() });
  socket.on('message', (data: Buffer) => {
    const text = data.toString('utf8');
    times.push(performance.now() - (sent.get(text) ?? 0));
    sent.delete(text);
  });
  await once(socket, 'open');
  return socket;
}

export type EchoClientsJobs = typeof jobs;
answerJobs(jobs);
