import { RtcDeskError } from '../../protocol/errors.ts';

/** Where a socket says that it comes from. */
export interface SocketOrigin {
  /** The Origin header; null if there is none. */
  readonly origin: string | null;
  /** The origins under which this server itself is reached. */
  readonly own: ReadonlySet<string>;
}

/**
 * Whether a page of this origin may speak for the site. A browser always sends an Origin with a WebSocket, and a page
 * cannot make it leave that out. A client without one is no browser: its tokens and the rate limits decide what it
 * may do, not a header that it could forge. `null` (a sandboxed frame, a file) is an origin, and is on no list.
 */
export function isAllowedOrigin(from: SocketOrigin, listed: readonly string[]): boolean {
  if (from.origin === null) return true;
  return from.own.has(from.origin) || listed.includes(from.origin);
}

/** Throws `origin-not-allowed`. */
export function requireAllowedOrigin(from: SocketOrigin, listed: readonly string[]): void {
  if (isAllowedOrigin(from, listed)) return;
  throw new RtcDeskError('origin-not-allowed', 'This page’s origin is not on the site’s list.');
}

/**
 * The server's own origins: the public one if it is set, else the host that this request was sent to. With a public
 * one the Host header is not used, because the client chooses it.
 */
export function ownOrigins(publicUrl: string | undefined, host: string | undefined): Set<string> {
  const own = new Set<string>();
  if (publicUrl) return own.add(new URL(publicUrl).origin);
  // TLS may end here or at a proxy: a page on the same host and port is the server's own either way.
  if (host && URL.canParse(`http://${host}`)) {
    own.add(new URL(`http://${host}`).origin).add(new URL(`https://${host}`).origin);
  }
  return own;
}
