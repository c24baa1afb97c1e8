/** A sign-in by password: the bearer of the desk's API and socket. */
export interface AgentSession {
  readonly token: string;
  /** ms since 1970. */
  readonly expiresAt: number;
}

/**
 * Keeps an agent's session over a reload and for further tabs. A desk in a frame of another site may find
 * storage blocked: then the session lives as long as the page, and nothing loops.
 */
export class AgentSessionStore {
  readonly #key: string;
  #memory: AgentSession | null = null;

  constructor(server: string) {
    this.#key = `rtc-desk:agent:${new URL(server).origin}`;
  }

  read(now: number): AgentSession | null {
    const session = this.#memory ?? this.#stored();
    return session && session.expiresAt > now ? session : null;
  }

  keep(session: AgentSession): void {
    this.#memory = session;
    for (const storage of storages()) {
      try {
        storage.setItem(this.#key, JSON.stringify(session));
        return;
      } catch {
        // Full or blocked: the next one, or the memory alone.
      }
    }
  }

  forget(): void {
    this.#memory = null;
    for (const storage of storages()) {
      try {
        storage.removeItem(this.#key);
      } catch {
        // Blocked: nothing is kept there.
      }
    }
  }

  #stored(): AgentSession | null {
    for (const storage of storages()) {
      try {
        const session: unknown = JSON.parse(storage.getItem(this.#key) ?? 'null');
        if (isSession(session)) return session;
      } catch {
        // Blocked, or written by something else: no session there.
      }
    }
    return null;
  }
}

/** The getters themselves throw where storage is blocked. */
function storages(): Storage[] {
  return (['localStorage', 'sessionStorage'] as const).flatMap((name) => {
    try {
      return window[name];
    } catch {
      // Blocked for this frame.
      return [];
    }
  });
}

function isSession(value: unknown): value is AgentSession {
  if (typeof value !== 'object' || value === null) return false;
  const { token, expiresAt } = value as Partial<AgentSession>;
  return typeof token === 'string' && typeof expiresAt === 'number';
}
