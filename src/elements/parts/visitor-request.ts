/**
 * Asks the server over REST about something that a visitor owns. `token`: its key or code, which is sent as the bearer.
 * No cookie is sent. Rejects as `fetch` does; every answer resolves, whatever its status.
 */
export function visitorRequest(
  server: string,
  path: string,
  token: string,
  { headers, ...init }: RequestInit = {},
): Promise<Response> {
  return fetch(new URL(`/api/v1/${path}`, server), {
    credentials: 'omit',
    cache: 'no-store',
    ...init,
    headers: { ...(headers as Record<string, string>), authorization: `Bearer ${token}` },
  });
}
