import { resumeKey } from '../../../call/resume-key.ts';

/** To what this browser's visitor has agreed. */
export interface RememberedConsent {
  readonly version: string;
  /** When, in ms since 1970 by this device's clock. */
  readonly since: number;
}

/**
 * Keeps the visitor's agreement for the site in the browser, so that each text is asked for once. If the browser refuses
 * storage, nothing is kept, and the visitor is asked again.
 */
export class ConsentMemory {
  readonly #key: string;

  constructor(server: string, site: string) {
    this.#key = `${resumeKey(new URL('/', server).href, site)}:agreed`;
  }

  read(): RememberedConsent | null {
    try {
      const stored = JSON.parse(localStorage.getItem(this.#key) ?? 'null') as unknown;
      return isRemembered(stored) ? stored : null;
    } catch {
      return null;
    }
  }

  write(consent: RememberedConsent): void {
    try {
      localStorage.setItem(this.#key, JSON.stringify(consent));
    } catch {
      // Asked again at the next call.
    }
  }
}

function isRemembered(stored: unknown): stored is RememberedConsent {
  const { version, since } = (stored ?? {}) as Partial<Record<string, unknown>>;
  return typeof version === 'string' && typeof since === 'number';
}
