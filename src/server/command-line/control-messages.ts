import { text } from 'node:stream/consumers';
import type { Socket } from 'node:net';

/** What a command asks of the running server. One connection carries one request and one answer, each as JSON. */
export interface ControlRequest {
  /** Both sides must be the same rtc-desk: requests are no public interface. */
  readonly version: string;
  readonly command: string;
  readonly request: unknown;
}

export type ControlAnswer = { readonly printed: string } | { readonly refused: string };

/** Sends one message and ends this side of the connection. */
export function sendMessage(socket: Socket, message: ControlRequest | ControlAnswer): void {
  socket.end(JSON.stringify(message));
}

/** Reads until the other side has ended. Rejects if the connection breaks or the text is not JSON. */
export async function readMessage<M>(socket: Socket): Promise<M> {
  // The default would destroy the socket at the end of what it reads, before the answer is written.
  return JSON.parse(await text(socket.iterator({ destroyOnReturn: false }))) as M;
}
