import { createHmac } from 'node:crypto';

/**
 * The secret with which deliveries to an endpoint are signed, in the form of the Standard Webhooks specification. It is
 * derived from the server's key and stored nowhere. Raising the endpoint's `secret_version` replaces it.
 */
export function endpointSecret(key: Uint8Array, endpoint: string, version: number): string {
  const secret = createHmac('sha256', key)
    .update(`webhook:${endpoint}:${version}`)
    .digest('base64');
  return `whsec_${secret}`;
}
