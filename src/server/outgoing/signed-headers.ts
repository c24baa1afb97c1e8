import type { Webhook } from 'standardwebhooks';

/** The headers of a JSON body by the Standard Webhooks specification, with a signature of each signer. */
export function signedHeaders(
  id: string,
  body: string,
  signers: readonly Webhook[],
): Record<string, string> {
  const now = new Date();
  return {
    'content-type': 'application/json',
    'user-agent': 'rtc-desk',
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(now.getTime() / 1_000)}`,
    'webhook-signature': signers.map((signer) => signer.sign(id, now, body)).join(' '),
  };
}
