import { CloseCode } from '../../protocol/close-codes.ts';
import type { Queryable, Topic } from '../database/database.ts';
import { readAccess } from '../identity/read-access.ts';
import type { AgentCredential } from '../identity/verify-agent-token.ts';
import type { Connection } from './connection.ts';

interface SignedIn {
  readonly agentId: string;
  readonly siteId: string;
  readonly credential: AgentCredential;
  expiry: NodeJS.Timeout | null;
}

/**
 * Closes the sockets of agents whose sign-in no longer counts: after a sign-out, another password, a disabling or
 * another secret by the notice of it, and at the expiry by a timer. A notice may be lost: the node's full round asks
 * about every socket again.
 */
export class AgentAccess {
  readonly #signedIn = new Map<Connection, SignedIn>();
  /** Sockets to ask about next. */
  #asked = new Set<Connection>();
  #asking = false;

  constructor(
    private readonly db: Queryable,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Call it again with another credential of the same agent. Something may have changed since it was verified. */
  add(connection: Connection, signedIn: Omit<SignedIn, 'expiry'>): void {
    this.delete(connection);
    this.#signedIn.set(connection, { ...signedIn, expiry: null });
    this.#ask([connection]);
  }

  delete(connection: Connection): void {
    clearTimeout(this.#signedIn.get(connection)?.expiry ?? undefined);
    this.#signedIn.delete(connection);
    this.#asked.delete(connection);
  }

  handleWake(topics: ReadonlySet<Topic>): void {
    // Most notices are about calls, and there may be many agents.
    const isConcerned = [...topics].some((topic) => /^(sessions|secret):/.test(topic));
    if (!isConcerned) return;
    const concerned = [...this.#signedIn].filter(
      ([, { agentId, siteId }]) =>
        topics.has(`sessions:${agentId}`) || topics.has(`secret:${siteId}`),
    );
    this.#ask(concerned.map(([connection]) => connection));
  }

  /** Asks about every socket. */
  refreshAll(): void {
    this.#ask(this.#signedIn.keys());
  }

  #ask(connections: Iterable<Connection>): void {
    for (const connection of connections) this.#asked.add(connection);
    if (!this.#asking && this.#asked.size > 0) void this.#askAll();
  }

  async #askAll(): Promise<void> {
    this.#asking = true;
    while (this.#asked.size > 0) {
      const asked = this.#asked;
      this.#asked = new Set();
      try {
        await this.#check(asked);
      } catch (error) {
        // The next full round asks again.
        this.failed(error);
        break;
      }
    }
    this.#asking = false;
  }

  async #check(asked: ReadonlySet<Connection>): Promise<void> {
    const questions = [...asked].flatMap((connection) => {
      const signedIn = this.#signedIn.get(connection);
      return signedIn ? [{ connection, signedIn }] : [];
    });
    const left = await readAccess(
      this.db,
      questions.map(({ connection: { id }, signedIn }) => ({
        connection: id,
        agentId: signedIn.agentId,
        credential: signedIn.credential,
      })),
    );
    for (const { connection, signedIn } of questions) {
      // It has ended, or has another credential, since it was asked about.
      if (this.#signedIn.get(connection) !== signedIn) continue;
      const leftMs = left.get(connection.id);
      if (leftMs === undefined) this.#revoke(connection);
      else this.#closeIn(connection, signedIn, leftMs);
    }
  }

  #closeIn(connection: Connection, signedIn: SignedIn, leftMs: number): void {
    clearTimeout(signedIn.expiry ?? undefined);
    signedIn.expiry = setTimeout(() => this.#revoke(connection), leftMs);
    signedIn.expiry.unref();
  }

  #revoke(connection: Connection): void {
    connection.close(CloseCode.Unauthorized, 'unauthorized');
  }
}
