import { CloseCode } from '../../../protocol/close-codes.ts';
import type { BoardDelivery, ServerMessage } from '../../../protocol/server-messages.ts';

/** `lost`: it is tried again. `signed-out`, `forbidden`, `outdated`: it is not. */
export type BoardConnection =
  'connecting' | 'online' | 'lost' | 'signed-out' | 'forbidden' | 'outdated';

export interface BoardSocketEvents {
  handleConnection(state: BoardConnection): void;
  handleBoard(message: BoardDelivery): void;
}

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
/** A server that says nothing for so long is gone: it answers a ping at once. */
const PING_MS = 15_000;
const SILENT_MS = 35_000;

const FINAL_STATES: Readonly<Record<number, BoardConnection>> = {
  [CloseCode.Unauthorized]: 'signed-out',
  [CloseCode.Forbidden]: 'forbidden',
  [CloseCode.UnsupportedProtocol]: 'outdated',
  [CloseCode.BadRequest]: 'outdated',
};

/** The console's socket. It comes back by itself; each new socket begins with the whole board. */
export class BoardSocket {
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pinging: ReturnType<typeof setInterval> | undefined;
  #retryMs = FIRST_RETRY_MS;
  #heardAt = 0;

  constructor(private readonly events: BoardSocketEvents) {}

  open(): void {
    this.close();
    const address = new URL('/ws', location.href);
    address.protocol = address.protocol.replace('http', 'ws');
    const socket = new WebSocket(address);
    this.#socket = socket;
    this.#heardAt = performance.now();
    socket.addEventListener('open', () => {
      socket.send(JSON.stringify({ type: 'hello', protocol: 1, role: 'console' }));
    });
    socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
      if (this.#socket === socket) this.#handle(JSON.parse(data) as ServerMessage);
    });
    socket.addEventListener('close', ({ code }) => {
      if (this.#socket === socket) this.#handleClose(code);
    });
    this.#pinging = setInterval(() => {
      if (performance.now() - this.#heardAt > SILENT_MS) this.#handleClose(0);
      else if (socket.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
    }, PING_MS);
  }

  close(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#pinging);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  #handle(message: ServerMessage): void {
    this.#heardAt = performance.now();
    if (message.type !== 'board') return;
    this.#retryMs = FIRST_RETRY_MS;
    this.events.handleConnection('online');
    this.events.handleBoard(message);
  }

  #handleClose(code: number): void {
    this.close();
    const final = FINAL_STATES[code];
    this.events.handleConnection(final ?? 'lost');
    if (final) return;
    // Many consoles do not come back in the same moment.
    this.#timer = setTimeout(() => this.open(), this.#retryMs * (0.5 + Math.random()));
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }
}
