import type { Topic } from '../database/database.ts';
import type { Connection } from './connection.ts';

/** The connections of this node, and the topics on which each one's view depends. */
export class ConnectionIndex {
  readonly #byId = new Map<string, Connection>();
  readonly #byTopic = new Map<Topic, Set<Connection>>();
  readonly #topics = new Map<Connection, ReadonlySet<Topic>>();

  add(connection: Connection): void {
    this.#byId.set(connection.id, connection);
  }

  delete(connection: Connection): void {
    this.follow(connection, new Set());
    this.#topics.delete(connection);
    this.#byId.delete(connection.id);
  }

  get(id: string): Connection | undefined {
    return this.#byId.get(id);
  }

  all(): IterableIterator<Connection> {
    return this.#byId.values();
  }

  get size(): number {
    return this.#byId.size;
  }

  following(topic: Topic): ReadonlySet<Connection> {
    return this.#byTopic.get(topic) ?? NOBODY;
  }

  /** From now on the connection's view depends on these. Answers with those that are new. */
  follow(connection: Connection, topics: ReadonlySet<Topic>): Topic[] {
    const before = this.#topics.get(connection) ?? NOTHING;
    const grown: Topic[] = [];
    for (const topic of before) if (!topics.has(topic)) this.#remove(topic, connection);
    for (const topic of topics) {
      if (before.has(topic)) continue;
      grown.push(topic);
      const followers = this.#byTopic.get(topic);
      if (followers) followers.add(connection);
      else this.#byTopic.set(topic, new Set([connection]));
    }
    this.#topics.set(connection, topics);
    return grown;
  }

  #remove(topic: Topic, connection: Connection): void {
    const followers = this.#byTopic.get(topic);
    followers?.delete(connection);
    if (followers?.size === 0) this.#byTopic.delete(topic);
  }
}

const NOBODY: ReadonlySet<Connection> = new Set();
const NOTHING: ReadonlySet<Topic> = new Set();
