import type { Platform } from '../../platform/platform.ts';

/** A sign-in by password. Its token is the bearer of the desk's API and socket. */
export interface AgentSession {
  readonly token: string;
  /** ms since 1970. */
  readonly expiresAt: number;
}

/**
 * Stores an agent's session for a reload and for further tabs, if the browser does not keep the desk's cookie. Each
 * site has its own: an agent of one site is not signed in at the desk of another.
 */
export class AgentSessionStore {
  readonly #findKey: () => string;
  /** This tab's own session. A sign-in in another tab does not change it. */
  #session: AgentSession | null = null;

  constructor(
    private readonly platform: Pick<Platform, 'storage' | 'clock' | 'resolve'>,
    server: string,
    findSite: () => string | null,
  ) {
    this.#findKey = () => `rtc-desk:agent:${platform.resolve('/', server)}${findSite() ?? ''}`;
  }

  /** Null if there is none, or if it has expired. */
  read(): AgentSession | null {
    const session = this.#session ?? this.#stored();
    return session && session.expiresAt > this.platform.clock.now() ? session : null;
  }

  /** For this tab only: the browser keeps the session in its cookie. */
  hold(session: AgentSession): void {
    this.remove();
    this.#session = session;
  }

  write(session: AgentSession): void {
    this.#session = session;
    this.platform.storage.write(this.#findKey(), JSON.stringify(session));
  }

  remove(): void {
    this.#session = null;
    this.platform.storage.remove(this.#findKey());
  }

  #stored(): AgentSession | null {
    try {
      const session: unknown = JSON.parse(this.platform.storage.read(this.#findKey()) ?? 'null');
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
