import { resumeKey } from '../resume-key.ts';

export { resumeKey } from '../resume-key.ts';

/**
 * Keeps the secret that finds a visitor's call again after a reload. Where the browser refuses storage it
 * lives as long as the page: the call works, only a reload loses it.
 */
export class ResumeStore {
  readonly #key: string;
  /** Only where storage is refused: what is stored may be changed by another tab. */
  #memory: string | null = null;

  constructor(server: string, site: string) {
    this.#key = resumeKey(server, site);
  }

  read(): string | null {
    try {
      return this.#memory ?? localStorage.getItem(this.#key);
    } catch {
      // Storage is blocked for this page.
      return this.#memory;
    }
  }

  keep(token: string): void {
    try {
      localStorage.setItem(this.#key, token);
      this.#memory = null;
    } catch {
      // Blocked or full.
      this.#memory = token;
    }
  }

  /** Forgets `token`, unless another call has taken its place meanwhile. */
  forget(token: string): void {
    if (this.read() !== token) return;
    this.#memory = null;
    try {
      localStorage.removeItem(this.#key);
    } catch {
      // Blocked: nothing is kept there.
    }
  }
}

/** 32 random bytes, base64url. */
export function makeResumeToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
