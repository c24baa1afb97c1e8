import type { Platform } from '../../platform/platform.ts';

/** A sign-in by password. Its token is the bearer of the desk's API and socket. */
export interface AgentSession {
  readonly token: string;
  /** ms since 1970. */
  readonly expiresAt: number;
}

/** Stores an agent's session for a reload and for further tabs. */
export class AgentSessionStore {
  readonly #key: string;
  /** This tab's own session. A sign-in in another tab does not change it. */
  #session: AgentSession | null = null;

  constructor(
    private readonly platform: Pick<Platform, 'storage' | 'clock' | 'resolve'>,
    server: string,
  ) {
    this.#key = `rtc-desk:agent:${platform.resolve('/', server)}`;
  }

  /** Null where there is none, or where it has expired. */
  read(): AgentSession | null {
    const session = this.#session ?? this.#stored();
    return session && session.expiresAt > this.platform.clock.now() ? session : null;
  }

  write(session: AgentSession): void {
    this.#session = session;
    this.platform.storage.write(this.#key, JSON.stringify(session));
  }

  remove(): void {
    this.#session = null;
    this.platform.storage.remove(this.#key);
  }

  #stored(): AgentSession | null {
    try {
      const session: unknown = JSON.parse(this.platform.storage.read(this.#key) ?? 'null');
      return isSession(session) ? session : null;
    } catch {
      // Something else wrote it.
      return null;
    }
  }
}

function isSession(value: unknown): value is AgentSession {
  if (typeof value !== 'object' || value === null) return false;
  const { token, expiresAt } = value as Partial<AgentSession>;
  return typeof token === 'string' && typeof expiresAt === 'number';
}
