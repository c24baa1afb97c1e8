import { Cancellation } from '../../platform/cancellation.ts';
import type { HttpRequest, HttpResponse, Platform } from '../../platform/platform.ts';
import { isErrorCode } from '../../protocol/error-codes.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';
import type { PasswordChange, PasswordCredentials } from '../agent-desk-control.ts';
import type { AgentSession } from './session-store.ts';

const TIMEOUT_MS = 15_000;

/**
 * Exchanges a password for a session. Rejects with `unauthorized`, `second-factor-needed`, `unknown-site`,
 * `rate-limited`, `offline`, `server-error`.
 */
export async function signInByPassword(
  platform: Platform,
  server: string,
  { site, username, password, code }: PasswordCredentials,
): Promise<AgentSession> {
  const request = {
    method: 'POST',
    address: platform.resolve('/api/v1/agent-sessions', server),
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ site, username, password, code }),
  } as const;
  return ask(platform, request, async (response) => {
    const answer = await readAnswer(response);
    requireSuccess(response, answer);
    // A number of ms or an ISO date.
    const expiresAt = new Date(answer.expiresAt as string | number).getTime();
    if (typeof answer.token !== 'string' || Number.isNaN(expiresAt)) {
      throw new RtcDeskError('server-error', 'no session in the answer');
    }
    return { token: answer.token, expiresAt };
  });
}

/** By what a request is signed in: a token, or the cookie of the desk of this site. */
export type SessionProof = { readonly token: string } | { readonly site: string };

/** The cookie needs no header of its own. This one names its site, and no page of another origin can send it. */
export function proofHeaders(proof: SessionProof): Record<string, string> {
  return 'token' in proof
    ? { authorization: `Bearer ${proof.token}` }
    : { 'rtc-desk-site': proof.site };
}

/**
 * Whether the browser has a session in the cookie of the desk of this site. Only a page of the server itself asks:
 * another page gets no cookie.
 */
export async function hasSessionCookie(
  platform: Platform,
  server: string,
  site: string,
): Promise<boolean> {
  if (platform.resolve('/', platform.page.address) !== platform.resolve('/', server)) return false;
  const request = {
    method: 'GET',
    address: platform.resolve('/api/v1/agent-sessions/current', server),
    headers: proofHeaders({ site }),
  } as const;
  return ask(platform, request, async ({ status }) => status === 200);
}

/** Rejects with `unauthorized`, `password-refused`, `rate-limited`, `offline`, `server-error`. */
export async function requestPasswordChange(
  platform: Platform,
  server: string,
  proof: SessionProof,
  change: PasswordChange,
): Promise<void> {
  const request = {
    method: 'PUT',
    address: platform.resolve('/api/v1/agent-sessions/current/password', server),
    headers: { ...proofHeaders(proof), 'content-type': 'application/json' },
    body: JSON.stringify(change),
  } as const;
  await ask(platform, request, async (response) => {
    requireSuccess(response, response.status < 300 ? {} : await readAnswer(response));
  });
}

/** Ends the session on the server. Tries once: a session that the server keeps expires by itself. */
export async function signOutSession(
  platform: Platform,
  server: string,
  proof: SessionProof,
): Promise<void> {
  const request = {
    method: 'DELETE',
    address: platform.resolve('/api/v1/agent-sessions/current', server),
    headers: proofHeaders(proof),
    keepalive: true,
  } as const;
  try {
    await ask(platform, request, async () => null);
  } catch {
    // This browser has removed the token. The server's copy expires.
  }
}

/**
 * The person a JWT is about, as an opaque text; null if it is not a JWT. It is not verified: it only serves to
 * tell a renewed token from another agent's token.
 */
export function tokenSubject(token: string): string | null {
  try {
    const { iss, sub } = JSON.parse(decodeBase64Url(token.split('.')[1]!)) as {
      iss?: unknown;
      sub?: unknown;
    };
    return typeof sub === 'string' ? JSON.stringify([iss, sub]) : null;
  } catch {
    // A session token, or not a token at all: the server decides.
    return null;
  }
}

/** `read` gets the answer within the same timeout. */
async function ask<V>(
  platform: Platform,
  request: Omit<HttpRequest, 'cancellation'>,
  read: (response: HttpResponse) => Promise<V>,
): Promise<V> {
  const cancellation = new Cancellation();
  const stop = platform.clock.after(TIMEOUT_MS, () => cancellation.cancel());
  try {
    return await read(await platform.request({ ...request, cancellation }));
  } catch (error) {
    throw asRtcDeskError(error, 'offline');
  } finally {
    stop();
  }
}

async function readAnswer(response: HttpResponse): Promise<Record<string, unknown>> {
  try {
    return ((await response.json()) ?? {}) as Record<string, unknown>;
  } catch {
    // Not an answer of the desk, perhaps of a proxy: only the status is known.
    return {};
  }
}

function requireSuccess({ status }: HttpResponse, { code }: Record<string, unknown>): void {
  if (status >= 300) throw new RtcDeskError(isErrorCode(code) ? code : errorOf(status));
}

function errorOf(status: number): ErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  return status === 429 ? 'rate-limited' : 'server-error';
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Each byte becomes one character: enough to compare texts. `atob` is not a global of the language. */
function decodeBase64Url(text: string): string {
  let bits = 0;
  let count = 0;
  let bytes = '';
  for (const character of text.replace(/=+$/, '')) {
    bits = ((bits << 6) | ALPHABET.indexOf(character)) & 0xffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += String.fromCharCode((bits >> count) & 0xff);
  }
  return bytes;
}
