import type { Logger } from 'pino';
import { CloseCode } from '../../protocol/close-codes.ts';
import type { Queryable, Topic } from '../database/database.ts';
import { boardFrame, boardPart, scopeOf, type BoardPart } from '../live-board/board-part.ts';
import { LiveBoard, type Board } from '../live-board/live-board.ts';
import type { Connection } from './connection.ts';
import type { ConsoleViewer } from './viewer.ts';

interface Watcher {
  readonly agentId: string;
  /** What was sent last. Null: nothing. */
  sent: BoardPart | null;
  /** The last message has not left this process. */
  sending: boolean;
}

interface WatchedSite {
  readonly board: LiveBoard;
  readonly watchers: Map<Connection, Watcher>;
  timer: NodeJS.Timeout | null;
  reading: boolean;
  /** Something changed since the last reading began. */
  changed: boolean;
}

/** Changes within this time share one reading. */
const COALESCING_MS = 1_000;

/**
 * Sends the live boards. One reading serves all watchers of a site. A watcher who does not read fast enough is sent
 * the next change when the last message is out.
 */
export class BoardFeed {
  readonly #sites = new Map<string, WatchedSite>();

  constructor(
    private readonly db: Queryable,
    private readonly logger: Pick<Logger, 'warn'>,
  ) {}

  add(connection: Connection, { site, agentId }: ConsoleViewer): void {
    const watched = this.#sites.get(site.id) ?? {
      board: new LiveBoard(this.db, site.id),
      watchers: new Map(),
      timer: null,
      reading: false,
      changed: false,
    };
    this.#sites.set(site.id, watched);
    watched.watchers.set(connection, { agentId, sent: null, sending: false });
    this.#readIn(watched, 0);
  }

  forget(connection: Connection): void {
    for (const [site, watched] of this.#sites) {
      if (!watched.watchers.delete(connection) || watched.watchers.size > 0) continue;
      this.#sites.delete(site);
      clearTimeout(watched.timer ?? undefined);
    }
  }

  hear(topics: ReadonlySet<Topic>): void {
    for (const [site, watched] of this.#sites) {
      if ([...topics].some((topic) => concerns(topic, site))) this.#readIn(watched, COALESCING_MS);
    }
  }

  /** Notices may have been lost. */
  refreshAll(): void {
    for (const watched of this.#sites.values()) this.#readIn(watched, COALESCING_MS);
  }

  stop(): void {
    for (const { timer } of this.#sites.values()) clearTimeout(timer ?? undefined);
    this.#sites.clear();
  }

  #readIn(watched: WatchedSite, delay: number): void {
    watched.changed = true;
    if (watched.reading) return;
    if (delay === 0) clearTimeout(watched.timer ?? undefined);
    else if (watched.timer) return;
    watched.timer = setTimeout(() => void this.#read(watched), delay);
  }

  async #read(watched: WatchedSite): Promise<void> {
    watched.timer = null;
    watched.reading = true;
    watched.changed = false;
    try {
      const agents = [...watched.watchers.values()].map(({ agentId }) => agentId);
      const board = await watched.board.read([...new Set(agents)]);
      if (board) this.#show(watched, board);
    } catch (error) {
      // The node's next full round reads it again.
      this.logger.warn({ err: error }, 'a live board could not be read');
    }
    watched.reading = false;
    if (watched.changed && watched.watchers.size > 0) this.#readIn(watched, COALESCING_MS);
  }

  #show(watched: WatchedSite, board: Board): void {
    const parts = new Map<string, BoardPart>();
    for (const [connection, watcher] of watched.watchers) {
      const row = board.watchers.find(({ agentId }) => agentId === watcher.agentId);
      // Somebody came while the board was being read: the next reading is for them too.
      if (!row && watcher.sent === null) continue;
      const scope = row ? scopeOf(row) : null;
      if (scope === null) {
        connection.close(CloseCode.Forbidden, 'forbidden');
        continue;
      }
      if (watcher.sending) {
        watched.changed = true;
        continue;
      }
      const key = JSON.stringify(scope);
      const part = parts.get(key) ?? boardPart(board, scope);
      parts.set(key, part);
      this.#send(connection, watcher, boardFrame(board, part, watcher.sent));
      watcher.sent = part;
    }
  }

  #send(connection: Connection, watcher: Watcher, frame: string | null): void {
    if (frame === null) return;
    watcher.sending = true;
    connection.sendFrame('board', frame, () => (watcher.sending = false));
  }
}

/** Notices of calls and agents do not name the site. */
function concerns(topic: Topic, site: string): boolean {
  return (
    topic.startsWith('call:') ||
    topic.startsWith('agent:') ||
    topic.startsWith(`group:${site}/`) ||
    topic === `matching:${site}`
  );
}
