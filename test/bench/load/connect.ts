import type { Hello } from '../../../src/protocol/client-messages.ts';
import type { View } from '../../../src/protocol/views.ts';
import { SignalingClient } from '../../../src/signaling/signaling-client.ts';
import { WebSocket } from 'ws';
import './page-globals.ts';

/** Everybody comes from an address of their own, as in life; a loopback has 16 million. */
let people = 0;
export function ownAddress(): string {
  people += 1;
  return `127.${1 + ((people >> 16) & 127)}.${(people >> 8) & 255}.${1 + (people & 127)}`;
}

/** The browser's own client, over several servers behind a balancer that sends each attempt to the next. */
export function connect<V extends View>(
  servers: readonly string[],
  hello: (previous: string | null) => Hello,
): SignalingClient<V> {
  const localAddress = ownAddress();
  let turn = people;
  return new SignalingClient<V>({
    server: servers[0] ?? '',
    hello,
    onDelivery: () => undefined,
    connect: () => {
      const server = servers[turn++ % servers.length] ?? '';
      const socket = new WebSocket(`${server.replace(/^http/, 'ws')}/ws`, { localAddress });
      // A 'close' follows, which the client acts on; an error that nobody listens for would end the process.
      socket.on('error', () => undefined);
      return socket as unknown as globalThis.WebSocket;
    },
  });
}
