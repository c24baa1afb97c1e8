import { RtcDeskError, isErrorCode, type ErrorCode } from '../../protocol/errors.ts';
import type { AgentSession } from './session-store.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';

const DEADLINE = 15_000;

/** Exchanges a password for a session. Rejects with `unauthorized`, `rate-limited`, `offline`, `server-error`. */
export async function signInByPassword(
  server: string,
  credentials: { readonly username: string; readonly password: string },
): Promise<AgentSession> {
  try {
    const response = await fetch(new URL('/api/v1/agent-sessions', server), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: credentials.username, password: credentials.password }),
      signal: AbortSignal.timeout(DEADLINE),
    });
    const answer = await readAnswer(response);
    if (!response.ok) {
      throw new RtcDeskError(isErrorCode(answer.code) ? answer.code : meaning(response.status));
    }
    // Either a number of ms or an ISO date: both say the same moment.
    const expiresAt = new Date(answer.expiresAt as string | number).getTime();
    if (typeof answer.token !== 'string' || Number.isNaN(expiresAt)) {
      throw new RtcDeskError('server-error', 'no session in the answer');
    }
    return { token: answer.token, expiresAt };
  } catch (error) {
    throw asRtcDeskError(error, 'offline');
  }
}

/** Ends the session on the server, at once or never: an unreachable one ends by its own expiry. */
export async function signOutSession(server: string, token: string): Promise<void> {
  try {
    await fetch(new URL('/api/v1/agent-sessions/current', server), {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
      keepalive: true,
      signal: AbortSignal.timeout(DEADLINE),
    });
  } catch {
    // This browser has forgotten the token; the server's copy expires.
  }
}

async function readAnswer(response: Response): Promise<Record<string, unknown>> {
  try {
    return ((await response.json()) ?? {}) as Record<string, unknown>;
  } catch {
    // Not the desk's own answer, a proxy's perhaps: its status tells what it tells.
    return {};
  }
}

function meaning(status: number): ErrorCode {
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  return status === 429 ? 'rate-limited' : 'server-error';
}

/** Whom a JWT speaks of, unverified: good enough to tell a renewed token from another agent's. null for no JWT. */
export function tokenSubject(token: string): string | null {
  try {
    const payload = token.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/');
    const { iss, sub } = JSON.parse(atob(payload)) as { iss?: unknown; sub?: unknown };
    return typeof sub === 'string' ? JSON.stringify([iss, sub]) : null;
  } catch {
    // A session token, or nothing of ours: the server will say.
    return null;
  }
}
