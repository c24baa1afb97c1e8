import { randomBytes } from 'node:crypto';
import { WebSocket } from 'ws';
import { systemClock } from '../../../src/platform/clock.ts';
import type { Platform, PlatformSocket } from '../../../src/platform/platform.ts';
import type { Hello } from '../../../src/protocol/client-messages.ts';
import type { View } from '../../../src/protocol/views.ts';
import { SignalingClient } from '../../../src/signaling/signaling-client.ts';

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
  const platform = signalingPlatform(() => {
    const server = servers[next++ % servers.length] ?? '';
    const socket = new WebSocket(`${server.replace(/^http/, 'ws')}/ws`, { localAddress });
    // The client acts on the 'close' that follows. Without a listener the error would end the process.
    socket.on('error', () => undefined);
    return socket as unknown as PlatformSocket;
  });
  return new SignalingClient<V>(platform, {
    server: servers[0] ?? '',
    hello,
    onDelivery: () => undefined,
  });
}

const notUsed = (): never => {
  throw new Error('The signaling client does not use this.');
};

/** The part of a platform that the signaling client uses. The page never sleeps, and its network never changes. */
function signalingPlatform(openSocket: Platform['openSocket']): Platform {
  return {
    clock: systemClock,
    page: {
      hidden: false,
      address: 'http://localhost/',
      phone: false,
      language: 'en',
      onWake: () => () => undefined,
    },
    storage: { read: notUsed, write: notUsed, remove: notUsed },
    randomBytes: (count) => new Uint8Array(randomBytes(count)),
    resolve: (path, base) => new URL(path, base).href,
    openSocket,
    request: notUsed,
    requestLock: notUsed,
  };
}
