import { resumeKey } from '../../call/resume-key.ts';

/**
 * Stores the code of a visitor's callback or message, so that every page of the site rings. Pages of one origin share it.
 * If the browser refuses storage, nothing is stored, and the link is the way back.
 */
export class CallbackCodes {
  readonly #resumeKey: string;

  constructor(server: string, site: string) {
    this.#resumeKey = resumeKey(new URL('/', server).href, site);
  }

  // The button reads it, too, and knows the suffix.
  get #key(): string {
    return `${this.#resumeKey}:c`;
  }

  read(): string | null {
    try {
      return localStorage.getItem(this.#key);
    } catch {
      return null;
    }
  }

  write(code: string): void {
    try {
      localStorage.setItem(this.#key, code);
    } catch {
      // The person has the link.
    }
  }

  /** Removes the code, unless another one has replaced it. */
  remove(code: string): void {
    if (this.read() === code) localStorage.removeItem(this.#key);
  }

  /**
   * The next press of the button goes into the call of this code, which is that call's resume token. Throws if the
   * browser refuses storage.
   */
  use(code: string): void {
    localStorage.setItem(this.#resumeKey, code);
  }
}
