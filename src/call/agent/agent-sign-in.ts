import type { Platform } from '../../platform/platform.ts';
import { RtcDeskError } from '../../protocol/errors.ts';
import type { PasswordChange, PasswordCredentials } from '../agent-desk-control.ts';
import { AgentSessionStore, type AgentSession } from './session-store.ts';
import {
  hasSessionCookie,
  proofHeaders,
  requestPasswordChange,
  signInByPassword,
  signOutSession,
  tokenSubject,
  type SessionProof,
} from './sign-in.ts';

/**
 * By what this tab is signed in: a JWT of the site's backend, a session by password, or such a session in the browser's
 * cookie. `findSite` is the site whose desk this is; null: not known.
 */
export class AgentSignIn {
  readonly #sessions: AgentSessionStore;
  #active = false;
  /** Null: the session is in the browser's cookie. */
  #token: string | null = null;
  /** The session of the token; null for a JWT and for the cookie. */
  #session: AgentSession | null = null;

  constructor(
    private readonly platform: Platform,
    private readonly server: string,
    private readonly findSite: () => string | null,
  ) {
    this.#sessions = new AgentSessionStore(platform, server, findSite);
  }

  /** The fields of `hello` that say who we are. */
  get hello(): { readonly token?: string; readonly site?: string } {
    const site = this.findSite();
    return {
      ...(this.#token !== null && { token: this.#token }),
      ...(site !== null && { site }),
    };
  }

  /** The headers of a request that say who we are. */
  get headers(): Readonly<Record<string, string>> {
    const site = this.findSite();
    if (this.#token !== null) return proofHeaders({ token: this.#token });
    return site === null ? {} : proofHeaders({ site });
  }

  /** False for an agent who came with a JWT, or who is signed out. */
  get isByPassword(): boolean {
    return this.#proof() !== null;
  }

  /** Resolves to the token of a new session. */
  async exchange(credentials: PasswordCredentials): Promise<string> {
    const session = await signInByPassword(this.platform, this.server, credentials);
    if (await this.#hasCookie()) this.#sessions.hold(session);
    else this.#sessions.write(session);
    return session.token;
  }

  /** The session that this browser has, by its token; `{ token: null }`: in its cookie. Null: none. */
  async findSession(): Promise<{ readonly token: string | null } | null> {
    return this.#sessions.read() ?? ((await this.#hasCookie()) ? { token: null } : null);
  }

  /** The tab signs in with this token, or with the cookie. */
  begin(token: string | null): void {
    const session = token === null ? null : this.#sessions.read();
    this.#session = session?.token === token ? session : null;
    this.#token = token;
    this.#active = true;
  }

  /** The tab is signed out. The session stays valid. */
  end(): void {
    this.#active = false;
  }

  /** The session is not valid any more. */
  forget(): void {
    this.#sessions.remove();
  }

  /** A CRM renews the token from time to time. That must not disturb the call. */
  renews(token: string): boolean {
    const subject = tokenSubject(token);
    const current = this.#token === null ? null : tokenSubject(this.#token);
    return this.#active && subject !== null && subject === current;
  }

  renew(token: string): void {
    this.#token = token;
  }

  async changePassword(change: PasswordChange): Promise<void> {
    const proof = this.#proof();
    if (!proof) throw new RtcDeskError('unauthorized', 'not signed in with a password');
    await requestPasswordChange(this.platform, this.server, proof, change);
  }

  /** Ends the session on the server, after `leave` has signed this tab out. */
  async signOut(leave: () => void): Promise<void> {
    const proof = this.#proof();
    leave();
    if (!proof) return;
    this.#sessions.remove();
    await signOutSession(this.platform, this.server, proof);
  }

  #proof(): SessionProof | null {
    if (!this.#active) return null;
    const site = this.findSite();
    if (this.#token === null) return site === null ? null : { site };
    const isValid = this.#session && this.#session.expiresAt > this.platform.clock.now();
    return isValid ? { token: this.#token } : null;
  }

  async #hasCookie(): Promise<boolean> {
    const site = this.findSite();
    if (site === null) return false;
    try {
      return await hasSessionCookie(this.platform, this.server, site);
    } catch {
      // The server cannot be reached. Without the cookie the session is stored in the way that always works.
      return false;
    }
  }
}
