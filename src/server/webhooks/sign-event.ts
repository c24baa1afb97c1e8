import { Webhook } from 'standardwebhooks';

/** The headers of a delivery, by the Standard Webhooks specification: a signature for each secret that counts. */
export function signEvent(
  id: string,
  body: string,
  secrets: readonly string[],
  now = new Date(),
): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(now.getTime() / 1_000)}`,
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, now, body)).join(' '),
  };
}
