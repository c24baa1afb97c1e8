/**
 * Reads the origins whose pages may connect to the desk of a site (null: the server's only site). Rejects if the server cannot be reached or
 * answers something else.
 */
export async function readCrmOrigins(
  server: string,
  site: string | null,
): Promise<readonly string[]> {
  const address = new URL('/api/v1/desk-config', server);
  if (site) address.searchParams.set('site', site);
  const response = await fetch(address, { credentials: 'omit' });
  if (!response.ok) throw new Error(`desk-config answered ${response.status}`);
  const { crmOrigins } = (await response.json()) as { crmOrigins?: unknown };
  if (!Array.isArray(crmOrigins)) throw new Error('desk-config has no crmOrigins');
  return crmOrigins.filter((origin) => typeof origin === 'string');
}
