import type { Platform } from '../../platform/platform.ts';
import { resumeKey } from '../resume-key.ts';

/** Stores the secret with which a visitor's call is found again after a reload. Pages of one origin share it. */
export class ResumeStore {
  readonly #key: string;

  constructor(
    private readonly platform: Pick<Platform, 'storage' | 'resolve'>,
    server: string,
    site: string,
  ) {
    this.#key = resumeKey(platform.resolve('/', server), site);
  }

  read(): string | null {
    return this.platform.storage.read(this.#key);
  }

  write(token: string): void {
    this.platform.storage.write(this.#key, token);
  }

  /** Removes `token`, unless another call has replaced it meanwhile. */
  remove(token: string): void {
    if (this.read() === token) this.platform.storage.remove(this.#key);
  }
}

/** 43 characters of 5 random bits each. */
export function makeResumeToken(platform: Pick<Platform, 'randomBytes'>): string {
  return Array.from(platform.randomBytes(43), (byte) => (byte % 32).toString(32)).join('');
}
