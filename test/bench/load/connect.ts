import type { Hello } from '../../../src/protocol/client-messages.ts';
import type { View } from '../../../src/protocol/views.ts';
import { SignalingClient } from '../../../src/signaling/signaling-client.ts';
import { WebSocket } from 'ws';
import './page-globals.ts';

/** A new loopback address for each client: real clients have different addresses too. Loopback has 16 million. */
let clients = 0;
export function nextAddress(): string {
  clients += 1;
  return `127.${1 + ((clients >> 16) & 127)}.${(clients >> 8) & 255}.${1 + (clients & 127)}`;
}

/** The browser's signaling client. Each connect goes to the next of the servers, as behind a load balancer. */
export function connect<V extends View>(
  servers: readonly string[],
  hello: (previous: string | null) => Hello,
): SignalingClient<V> {
  const localAddress = nextAddress();
  let next = clients;
  return new SignalingClient<V>({
    server: servers[0] ?? '',
    hello,
    onDelivery: () => undefined,
    connect: () => {
      const server = servers[next++ % servers.length] ?? '';
      const socket = new WebSocket(`${server.replace(/^http/, 'ws')}/ws`, { localAddress });
      // The client acts on the 'close' that follows. Without a listener the error would end the process.
      socket.on('error', () => undefined);
      return socket as unknown as globalThis.WebSocket;
    },
  });
}
