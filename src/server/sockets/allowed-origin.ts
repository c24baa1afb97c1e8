import { RtcDeskError } from '../../protocol/errors.ts';

/** Where a socket says that it comes from. */
export interface SocketOrigin {
  /** The Origin header; null where there was none. */
  readonly origin: string | null;
  /** The origins under which this server itself is reached. */
  readonly own: ReadonlySet<string>;
}

/**
 * Whether a page of this origin may speak for the site. No Origin at all is no browser: a browser
 * always sends one with a WebSocket, and cannot be made to leave it out. Such a client is let in,
 * since what it may do hangs on its token and the rate limits, never on a header it could have forged.
 * `null` (a sandboxed frame, a file) is an origin, and is on no list.
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

/** The server's own origins: the public one if it is known, and the host that this request was sent to. */
export function ownOrigins(publicUrl: string | undefined, host: string | undefined): Set<string> {
  const own = new Set<string>();
  if (publicUrl) own.add(new URL(publicUrl).origin);
  // A page on the same host and port is ours, whether TLS ends here or at a proxy before us.
  if (host && URL.canParse(`http://${host}`)) {
    own.add(new URL(`http://${host}`).origin).add(new URL(`https://${host}`).origin);
  }
  return own;
}
