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
