import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import { CloseCode } from '../../protocol/close-codes.ts';
import { limits } from '../../protocol/limits.ts';
import type { Database } from '../database/database.ts';
import type { RoomMedia } from '../queue/room-media.ts';
import type { Tickets } from '../rooms/tickets.ts';
import { ownOrigins } from './allowed-origin.ts';
import { Connection } from './connection.ts';
import { SignalingNode } from './signaling-node.ts';
import type { Socket } from './socket.ts';
import { SocketHeartbeat, type Beating } from './socket-heartbeat.ts';
import type { SocketStats } from './socket-stats.ts';

export interface SocketServerOptions {
  readonly database: Database;
  /** This process's row in `nodes`, which has to be there before the first socket. */
  readonly nodeId: string;
  /** Whether this node may act; what comes while it may not is told to go to another. */
  readonly alive: () => boolean;
  /** The server's signing key. */
  readonly key: Uint8Array;
  readonly logger: Logger;
  readonly tickets: Tickets;
  /** Of the rooms that are made here. */
  readonly media: RoomMedia;
  /** The address under which people reach this server, where it is known. */
  readonly publicUrl?: string | undefined;
}

const PATH = '/ws';
/** Sockets that have not said who they are; each lives for `limits.helloTimeout`. */
const GREETING_LIMIT = 2_000;
/** Between the slices of a hand-over; in ms. */
const HAND_OVER_PAUSE = 20;

/** The signaling sockets of one node. Only this file knows the library behind them. */
export class SocketServer {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
  });
  readonly #node: SignalingNode;
  readonly #heartbeat = new SocketHeartbeat();
  readonly #open = new Set<WebSocket>();
  readonly #servers = new Map<Server, (...upgrade: UpgradeArguments) => void>();
  #closing = false;
  #emptied: (() => void) | null = null;

  constructor(private readonly options: SocketServerOptions) {
    this.#node = new SignalingNode(options);
  }

  /** Answers upgrades of `/ws`; every other upgrade is refused. */
  attach(server: Server): void {
    const listener = (...upgrade: UpgradeArguments): void => this.#handleUpgrade(...upgrade);
    server.on('upgrade', listener);
    this.#servers.set(server, listener);
  }

  stats(): SocketStats {
    return this.#node.stats();
  }

  /** This node cannot speak for its connections any more: everyone has to come back, here or elsewhere. */
  dropAll(): void {
    this.#node.closeAll(CloseCode.ServiceRestart, 'offline');
  }

  /**
   * Refuses new sockets, tells the open ones to come back, and waits until they are gone and their rows
   * too; after `deadline` ms what is left is cut.
   */
  async close({ deadline }: { readonly deadline: number }): Promise<void> {
    this.#closing = true;
    const cut = setTimeout(() => {
      for (const socket of this.#open) socket.terminate();
    }, deadline);
    const started = performance.now();
    await this.#node.handOver(deadline > 0 ? HAND_OVER_PAUSE : 0);
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#emptied = resolve));
    clearTimeout(cut);
    for (const [server, listener] of this.#servers) server.off('upgrade', listener);
    this.#heartbeat.stop();
    this.#sockets.close();
    await this.#node.stop(Math.max(500, deadline - (performance.now() - started)));
  }

  #handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // Before the library takes the stream over, an error of it is nobody else's to hear.
    const ignore = (): void => void stream.destroy();
    stream.on('error', ignore);
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== PATH) return refuse(stream, '404 Not Found');
    if (this.#closing) return refuse(stream, '503 Service Unavailable', 1);
    if (!this.options.alive()) return refuse(stream, '503 Service Unavailable', 5);
    if (this.#node.greeting >= GREETING_LIMIT) return refuse(stream, '503 Service Unavailable', 5);
    this.#sockets.handleUpgrade(request, stream, head, (socket) => {
      stream.off('error', ignore);
      this.#accept(socket, request);
    });
  }

  #accept(socket: WebSocket, request: IncomingMessage): void {
    const beating: Beating = {
      heardAt: performance.now(),
      ping: () => socket.ping(),
      terminate: () => socket.terminate(),
    };
    const forget = this.#heartbeat.add(beating);
    this.#open.add(socket);
    const from = {
      origin: request.headers.origin ?? null,
      own: ownOrigins(this.options.publicUrl, request.headers.host),
    };
    const connection = new Connection(adapt(socket), from, this.#node);
    this.#node.opened(connection);
    const helloTimer = setTimeout(() => connection.handleHelloTimeout(), limits.helloTimeout);
    socket.on('message', (data: Buffer, isBinary) => {
      beating.heardAt = performance.now();
      if (isBinary) connection.handleBinary();
      else connection.handleFrame(data.toString('utf8'));
    });
    socket.on('pong', () => (beating.heardAt = performance.now()));
    socket.on('close', () => {
      forget();
      clearTimeout(helloTimer);
      this.#open.delete(socket);
      connection.handleEnd();
      if (this.#open.size === 0) this.#emptied?.();
    });
    // A frame that breaks the protocol (too big, bad UTF-8, not masked) ends this socket alone: the
    // library closes it with the fitting code, and 'close' follows.
    socket.on('error', (error) => this.options.logger.debug({ err: error }, 'socket error'));
  }
}

type UpgradeArguments = [request: IncomingMessage, stream: Duplex, head: Buffer];

function adapt(socket: WebSocket): Socket {
  return {
    send: (frame, flushed) => socket.send(frame, flushed && (() => flushed())),
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    bufferedBytes: () => socket.bufferedAmount,
  };
}

function refuse(stream: Duplex, status: string, retryAfter?: number): void {
  const headers = ['Connection: close', 'Content-Length: 0'];
  if (retryAfter !== undefined) headers.push(`Retry-After: ${retryAfter}`);
  stream.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n`);
}
