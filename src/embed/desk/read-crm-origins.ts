/**
 * Reads the origins whose pages may connect to the desk. Rejects where the server cannot be reached or
 * answers something else.
 */
export async function readCrmOrigins(server: string): Promise<readonly string[]> {
  const response = await fetch(new URL('/api/v1/desk-config', server), { credentials: 'omit' });
  if (!response.ok) throw new Error(`desk-config answered ${response.status}`);
  const { crmOrigins } = (await response.json()) as { crmOrigins?: unknown };
  if (!Array.isArray(crmOrigins)) throw new Error('desk-config has no crmOrigins');
  return crmOrigins.filter((origin) => typeof origin === 'string');
}
