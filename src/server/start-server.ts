import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { logAudit } from './audit/log-audit.ts';
import type { Database } from './database/database.ts';
import { openDatabase } from './database/open-database.ts';
import { TokenBuckets } from './rate-limits/token-buckets.ts';
import { TrustedProxies } from './rate-limits/trusted-proxies.ts';
import { makeHttpApp } from './http/http-app.ts';
import { listenAddress } from './settings/listen-address.ts';
import { makeLogger } from './settings/logger.ts';
import { makeRecordingsFolder, recordingsPath } from './settings/recordings-path.ts';
import { controlAddress } from './command-line/control-address.ts';
import { ControlSocket } from './command-line/control-socket.ts';
import { packageFolder } from './command-line/package-folder.ts';
import { openObjectStorage, type ObjectStorage } from './object-storage/object-storage.ts';
import { demoFile, findDemoRoom } from './sites/demo-site.ts';
import { makeSetupCode } from './sites/first-owner.ts';
import { provision } from './sites/provision.ts';
import { RecordingFolder } from './recordings/recording-folder.ts';
import { NodeLoops } from './sweeps/node-loops.ts';
import type { RoomMedia } from './rooms/room-media.ts';
import { ChatGroups } from './tencent/chat-groups.ts';
import {
  reconcileNext,
  type CloudRecordings,
} from './cloud-recordings/reconcile-cloud-recordings.ts';
import { CloudRecorder } from './cloud-recordings/sync-cloud-recording.ts';
import { RecordingApi } from './tencent/recording-api.ts';
import { RecordingFiles } from './tencent/recording-files.ts';
import { Loop } from './sweeps/loop.ts';
import { CloudRooms } from './tencent/cloud-rooms.ts';
import { OutboxDelivery, type OutboxReceiver } from './outbox/outbox-delivery.ts';
import type { OutboxService } from './outbox/outbox.ts';
import type { Transport } from './outgoing/post.ts';
import { startWithoutTrtc } from './tencent/start-without-trtc.ts';
import { Tickets } from './rooms/tickets.ts';
import type { Settings, TrtcSettings } from './settings/settings.ts';
import { readSigningKey } from './settings/signing-key.ts';
import { SocketServer } from './sockets/socket-server.ts';
import { PushDelivery } from './callbacks/push-delivery.ts';
import { WebhookDelivery } from './webhooks/webhook-delivery.ts';

export interface RunningServer {
  /** If it listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /** A one-time link for the first owner of an empty installation. Null: there is a site. */
  setupLink(): Promise<string | null>;
  /**
   * Accepts no new connections, tells the sockets to come back, and answers the requests under way. After `deadline`
   * ms (10 s) the rest is cut off. Idempotent.
   */
  close(options?: { readonly deadline?: number }): Promise<void>;
}

export interface StartOptions {
  /** Default: JSON lines to the standard error, at the settings' level. */
  readonly logger?: Logger;
  /** See OpenDatabaseOptions. */
  readonly onLockLost?: () => void;
  /** Where the built scripts and the demo's pages are. Default: this package's own. */
  readonly browserFolder?: string;
  readonly demoFolder?: string;
  /** How requests reach addresses that sites name. Default: HTTPS to public addresses. */
  readonly transport?: Transport;
}

const WILDCARD_HOSTS: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
const CLOSE_MS = 10_000;
/** How long a cloud recording whose time has come waits until a node looks at it. */
const RECONCILE_MS = 5_000;
/** HTTP has at least this long to write its answers, also when the sockets used up the deadline. */
const MIN_HTTP_CLOSE_MS = 500;

/**
 * Starts one node: the database, the loops, the sockets and HTTP. Rejects with a SettingsError, with
 * DataDirectoryLocked, with a DataDirectoryError, with a SchemaError, with an error of Node like EADDRINUSE, or with the
 * database's error. Then nothing is left running.
 */
export async function startServer(
  settings: Settings,
  options: StartOptions = {},
): Promise<RunningServer> {
  const logger = options.logger ?? makeLogger(settings.logLevel);
  const nodeId = randomUUID();
  // Before the data directory is made: its path may be too long for the socket.
  const control = controlAddress(settings);
  const database = await openDatabase({
    databaseUrl: settings.databaseUrl ?? undefined,
    dataDir: settings.dataDir,
    nodeId,
    logger,
    onLockLost: options.onLockLost,
  });
  const key = await readSigningKey(database, settings).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const node = new Node(settings, database, nodeId, key, logger, control);
  try {
    await node.open(options);
  } catch (error) {
    await node.close({ deadline: 0 });
    throw error;
  }
  return node;
}

class Node implements RunningServer {
  readonly #media: RoomMedia;
  readonly #loops: NodeLoops;
  readonly #sockets: SocketServer;
  readonly #deliveries: { stop(): Promise<void> }[] = [];
  readonly #buckets = new TokenBuckets();
  readonly #registry = new Registry();
  readonly #proxies: TrustedProxies;
  readonly #recordingFolder: RecordingFolder;
  readonly #objectStorage: ObjectStorage | null;
  readonly #cloudFiles: RecordingFiles | null;
  #app: FastifyInstance | null = null;
  #control: ControlSocket | null = null;
  #closing: Promise<void> | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    nodeId: string,
    private readonly key: Uint8Array,
    private readonly logger: Logger,
    private readonly controlAddress: string | null,
  ) {
    this.#media = {
      trtc: settings.trtc !== null,
      confirmedByCallback: Boolean(settings.trtc?.callbackKey),
    };
    this.#recordingFolder = new RecordingFolder(recordingsPath(settings));
    this.#objectStorage = openObjectStorage(settings);
    const cloud = settings.trtc?.cloud;
    this.#cloudFiles = cloud?.recordings ? new RecordingFiles(cloud, cloud.recordings) : null;
    this.#loops = new NodeLoops({
      database,
      recordings: {
        folder: this.#recordingFolder,
        serverKey: key,
        objectStorage: this.#objectStorage,
      },
      nodeId,
      media: this.#media,
      logger,
      onLost: () => this.#sockets.dropAll(),
    });
    this.#proxies = new TrustedProxies(settings.trustProxy);
    this.#sockets = new SocketServer({
      database,
      nodeId,
      key,
      logger,
      alive: () => this.#loops.alive,
      tickets: new Tickets({ key, turn: settings.turn, trtc: settings.trtc }),
      media: this.#media,
      publicUrl: settings.publicUrl ?? undefined,
      recordingFolder: this.#recordingFolder,
      buckets: this.#buckets,
      proxies: this.#proxies,
      limits: { sockets: settings.maxSockets, socketsPerAddress: settings.maxSocketsPerAddress },
      registry: this.#registry,
    });
  }

  get port(): number {
    return (this.#app?.server.address() as AddressInfo | null)?.port ?? this.settings.port;
  }

  get url(): string {
    const { host } = this.settings;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  async setupLink(): Promise<string | null> {
    const code = await makeSetupCode(this.database);
    if (code === null) return null;
    const { publicUrl, host } = this.settings;
    // Nobody can open an address that stands for every address of the machine.
    const own = WILDCARD_HOSTS.has(host) ? `http://localhost:${this.port}` : this.url;
    return `${publicUrl?.replace(/\/$/, '') ?? own}/admin/setup#${code}`;
  }

  async open({ browserFolder, demoFolder, transport }: StartOptions): Promise<void> {
    const { settings, database, key, logger } = this;
    await makeRecordingsFolder(this.#recordingFolder.path);
    if (settings.demo) {
      const { receipts } = await provision(database, key, demoFile, { demoPasswords: true });
      logAudit(logger, ...receipts);
      // Made before the server listens: two requests at the same moment would make two rooms.
      await findDemoRoom(database, this.#media);
    }
    if (!settings.trtc) await startWithoutTrtc(database, logger);
    this.#app = await makeHttpApp({
      database,
      key,
      settings,
      media: this.#media,
      recordingFolder: this.#recordingFolder,
      objectStorage: this.#objectStorage,
      cloudFiles: this.#cloudFiles,
      buckets: this.#buckets,
      proxies: this.#proxies,
      logger,
      stopping: () => this.#closing !== null,
      registry: this.#registry,
      matched: () => this.#loops.matched,
      browserFolder: browserFolder ?? join(packageFolder, 'dist/browser'),
      demoFolder: demoFolder ?? join(packageFolder, 'demo'),
    });
    // Sockets need the node's row, and its heartbeat has to go on before anybody connects.
    await this.#loops.start();
    await this.#startDeliveries(settings.trtc, transport);
    this.#sockets.attach(this.#app.server);
    await this.#app.listen({ port: settings.port, host: await listenAddress(settings.host) });
    if (this.controlAddress !== null) {
      this.#control = await ControlSocket.open(this.controlAddress, {
        database,
        key,
        settings: { ...settings, port: this.port },
        logger,
      });
    }
    logger.info({ url: this.url, embedded: database.embedded }, 'listening');
  }

  /** Each service by itself, so that one that does not answer holds up no other. */
  async #startDeliveries(trtc: TrtcSettings | null, transport?: Transport): Promise<void> {
    const { publicUrl } = this.settings;
    this.#deliver(new WebhookDelivery(this.database, this.key, { publicUrl, transport }));
    if (publicUrl?.startsWith('https:')) {
      this.#deliver(new PushDelivery(this.database, { key: this.key, publicUrl, transport }));
    }
    if (!trtc) return;
    this.#deliver(new ChatGroups(trtc));
    if (!trtc.cloud) return;
    this.#deliver(await CloudRooms.open(trtc, trtc.cloud));
    const { recordings } = trtc.cloud;
    if (!recordings || !this.#cloudFiles) return;
    const api = await RecordingApi.open(trtc, trtc.cloud, recordings);
    this.#deliver(new CloudRecorder(this.database, api));
    this.#reconcile({ api, files: this.#cloudFiles });
  }

  #reconcile(cloud: CloudRecordings): void {
    const { database, logger } = this;
    const loop: Loop = new Loop(
      'reconciliation of cloud recordings',
      RECONCILE_MS,
      async () => {
        if (await reconcileNext(database, cloud, logger)) loop.soon();
      },
      logger,
    );
    this.#deliveries.push(loop);
    loop.start();
  }

  #deliver<S extends OutboxService>(receiver: OutboxReceiver<S>): void {
    const delivery = new OutboxDelivery(this.database, receiver, this.logger);
    this.#deliveries.push(delivery);
    delivery.start();
  }

  close({ deadline = CLOSE_MS }: { readonly deadline?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(deadline);
    return this.#closing;
  }

  async #close(deadline: number): Promise<void> {
    this.logger.info('stopping');
    // Every part is closed, also after another one failed to close.
    const failures: unknown[] = [];
    const step = (work: Promise<unknown> | undefined): Promise<unknown> =>
      Promise.resolve(work).catch((error: unknown) => failures.push(error));
    const started = performance.now();
    // First of all stop listening: a load balancer sees it, and clients that are told to come back go elsewhere.
    const server = this.#app?.server;
    const stoppedCommands = step(this.#control?.close());
    const stoppedListening = server?.listening && new Promise((resolve) => server.close(resolve));
    await step(this.#sockets.close({ deadline }));
    const left = Math.max(MIN_HTTP_CLOSE_MS, deadline - (performance.now() - started));
    const cut = setTimeout(() => this.#app?.server.closeAllConnections(), left);
    await step(this.#app?.close());
    await stoppedListening;
    clearTimeout(cut);
    for (const delivery of this.#deliveries) await step(delivery.stop());
    await step(this.#loops.stop());
    await stoppedCommands;
    await step(this.database.close());
    if (failures.length > 0) throw new AggregateError(failures, 'The server did not stop cleanly.');
    this.logger.info('stopped');
  }
}
