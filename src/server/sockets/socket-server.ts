import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { WebSocketServer, type WebSocket } from 'ws';
import { CloseCode } from '../../protocol/close-codes.ts';
import { limits } from '../../protocol/limits.ts';
import type { ChallengeVerifiers } from '../challenges/challenge.ts';
import { challengeVerifiers } from '../challenges/passes-challenge.ts';
import type { Database } from '../database/database.ts';
import { addressKey } from '../rate-limits/address-key.ts';
import type { TokenBuckets } from '../rate-limits/token-buckets.ts';
import type { TrustedProxies } from '../rate-limits/trusted-proxies.ts';
import type { RecordingFolder } from '../recordings/recording-folder.ts';
import type { RoomMedia } from '../rooms/room-media.ts';
import type { Tickets } from '../rooms/tickets.ts';
import { ownOrigins } from './allowed-origin.ts';
import { Connection } from './connection.ts';
import { ConnectionLimiter, type ConnectionLimits } from './connection-limiter.ts';
import { ReaderProgress } from './reader-progress.ts';
import { SignalingNode } from './signaling-node.ts';
import type { Socket } from './socket.ts';
import { SocketHeartbeat, type HeartbeatSocket } from './socket-heartbeat.ts';

interface SocketServerOptions {
  readonly database: Database;
  /** This process's row in `nodes`, which has to be there before the first socket. */
  readonly nodeId: string;
  /** Whether this node may act. While it may not, clients are told to go to another one. */
  readonly alive: () => boolean;
  /** The server's signing key. */
  readonly key: Uint8Array;
  readonly logger: Logger;
  readonly tickets: Tickets;
  /** For the rooms that are made here. */
  readonly media: RoomMedia;
  readonly buckets: TokenBuckets;
  readonly proxies: TrustedProxies;
  readonly limits: ConnectionLimits;
  /** Where the sockets' metrics are registered. */
  readonly registry: Registry;
  /** Who checks the answers to challenges. Default: the services themselves. */
  readonly challenges?: ChallengeVerifiers | undefined;
  /** Where recordings are written: nobody begins one if there is no space. */
  readonly recordingFolder?: RecordingFolder | undefined;
  /** The address under which people reach this server, if it is known. */
  readonly publicUrl?: string | undefined;
}

const PATH = '/ws';
/** Between the batches of a hand-over. */
const HAND_OVER_PAUSE_MS = 20;
/**
 * A browser sends a message in one frame, and a proxy may split it: 64 KiB in fragments of 1,400 bytes are 47. A
 * message that arrives byte by byte would cost a thousand times its size.
 */
const MAX_FRAGMENTS = 256;
const MAX_BUFFERED_CHUNKS = 1_024;

/** The signaling sockets of one node. Only this file knows the WebSocket library. */
export class SocketServer {
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: limits.frameBytes,
    // Pings are answered here, under the rate limit: a peer that pings and does not read would fill the memory.
    autoPong: false,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
  });
  readonly #limiter: ConnectionLimiter;
  readonly #node: SignalingNode;
  readonly #heartbeat = new SocketHeartbeat();
  readonly #open = new Set<WebSocket>();
  readonly #servers = new Map<Server, (...upgrade: UpgradeArguments) => void>();
  #warned = false;
  #closing = false;
  #emptied: (() => void) | null = null;

  constructor(private readonly options: SocketServerOptions) {
    this.#limiter = new ConnectionLimiter(options.limits, options.buckets);
    this.#node = new SignalingNode({
      ...options,
      limiter: this.#limiter,
      challenges: options.challenges ?? challengeVerifiers,
      recordingFolder: options.recordingFolder,
    });
  }

  /** Answers upgrades of `/ws`; every other upgrade is refused. */
  attach(server: Server): void {
    const listener = (...upgrade: UpgradeArguments): void => this.#handleUpgrade(...upgrade);
    server.on('upgrade', listener);
    this.#servers.set(server, listener);
  }

  /** This node can no longer act for its connections: everyone has to come back, here or to another node. */
  dropAll(): void {
    this.#node.closeAll(CloseCode.ServiceRestart, 'offline');
  }

  /**
   * Refuses new sockets, tells the open ones to come back, and waits until they and their rows are gone. After
   * `deadline` ms the rest is cut off.
   */
  async close({ deadline }: { readonly deadline: number }): Promise<void> {
    this.#closing = true;
    const cut = setTimeout(() => {
      for (const socket of this.#open) socket.terminate();
    }, deadline);
    const started = performance.now();
    await this.#node.handOver(deadline > 0 ? HAND_OVER_PAUSE_MS : 0);
    if (this.#open.size > 0) await new Promise<void>((resolve) => (this.#emptied = resolve));
    clearTimeout(cut);
    for (const [server, listener] of this.#servers) server.off('upgrade', listener);
    this.#heartbeat.stop();
    this.#sockets.close();
    await this.#node.stop(Math.max(500, deadline - (performance.now() - started)));
  }

  #handleUpgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // Until the library takes the stream over, nobody else listens for its errors.
    const ignore = (): void => void stream.destroy();
    stream.on('error', ignore);
    if (stream.destroyed) return;
    const path = (request.url ?? '').split('?', 1)[0];
    if (path !== PATH) return refuse(stream, '404 Not Found');
    if (this.#closing) return refuse(stream, '503 Service Unavailable', 1);
    if (!this.options.alive()) return refuse(stream, '503 Service Unavailable', 5);
    this.#warnOfStranger(request);
    const address = addressKey(this.options.proxies.clientAddress(request));
    const entry = this.#limiter.enter(address, this.#node.handshakes);
    if (typeof entry !== 'function') return refuse(stream, entry.status, entry.retryAfterSeconds);
    // 'close' comes in every case, also if the library refuses the upgrade.
    stream.once('close', entry);
    this.#sockets.handleUpgrade(request, stream, head, (socket) => {
      stream.off('error', ignore);
      this.#accept(socket, request, address);
    });
  }

  /** Behind a proxy that nobody named all visitors look like one, and share its limits: said once. */
  #warnOfStranger(request: IncomingMessage): void {
    if (this.#warned || !this.options.proxies.cameThroughUnknownProxy(request)) return;
    this.#warned = true;
    this.options.logger.warn(
      { from: request.socket.remoteAddress },
      'requests come through a proxy that TRUST_PROXY does not name: it counts as one visitor',
    );
  }

  #accept(socket: WebSocket, request: IncomingMessage, address: string): void {
    const progress = new ReaderProgress(performance.now());
    const monitored: HeartbeatSocket = {
      heardAt: performance.now(),
      ping: () => socket.ping(),
      terminate: () => socket.terminate(),
      isStuck: (now) => progress.isStuck(socket.bufferedAmount, now),
      cutOff: () => connection.cutOff(),
    };
    const forget = this.#heartbeat.add(monitored);
    this.#open.add(socket);
    const origin = {
      address,
      origin: request.headers.origin ?? null,
      cookie: request.headers.cookie,
      own: ownOrigins(this.options.publicUrl, request.headers.host),
    };
    const connection = new Connection(adapt(socket, progress), origin, this.#node);
    this.#node.opened(connection);
    const helloTimer = setTimeout(() => connection.handleHelloTimeout(), limits.helloTimeout);
    socket.on('message', (data: Buffer, isBinary) => {
      monitored.heardAt = performance.now();
      if (isBinary) connection.handleBinary();
      else connection.handleFrame(data.toString('utf8'));
    });
    socket.on('ping', (data: Buffer) => {
      monitored.heardAt = performance.now();
      if (connection.handlePing()) socket.pong(data);
    });
    socket.on('pong', () => (monitored.heardAt = performance.now()));
    socket.on('close', () => {
      forget();
      clearTimeout(helloTimer);
      this.#open.delete(socket);
      connection.handleEnd();
      if (this.#open.size === 0) this.#emptied?.();
    });
    // A frame that breaks the protocol (too big, bad UTF-8, not masked) ends this socket only: the library closes it
    // with the fitting code, and 'close' follows.
    socket.on('error', (error) => this.options.logger.debug({ err: error }, 'socket error'));
  }
}

type UpgradeArguments = [request: IncomingMessage, stream: Duplex, head: Buffer];

function adapt(socket: WebSocket, progress: ReaderProgress): Socket {
  return {
    send: (frame, flushed) => {
      progress.sent(Buffer.byteLength(frame));
      socket.send(frame, flushed && (() => flushed()));
    },
    close: (code, reason) => socket.close(code, reason),
    terminate: () => socket.terminate(),
    bufferedBytes: () => socket.bufferedAmount,
  };
}

function refuse(stream: Duplex, status: string, retryAfter?: number): void {
  // A peer that never closes its side must not keep ours open.
  stream.once('finish', () => stream.destroy());
  const headers = ['Connection: close', 'Content-Length: 0'];
  if (retryAfter !== undefined) headers.push(`Retry-After: ${retryAfter}`);
  stream.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n`);
}
