import webPush from 'web-push';
import type { Database } from '../database/database.ts';
import type { OutboxReceiver } from '../outbox/outbox-delivery.ts';
import type { PushOrder } from '../outbox/outbox.ts';
import { post, publicHttps, type Transport } from '../outgoing/post.ts';
import { timeouts } from '../settings/timeouts.ts';
import { callbackCode } from './callback-code.ts';
import { pushKeys } from './push-keys.ts';
import { deletePushSubscription, readPushTarget } from './push-subscriptions.ts';

/** Shorter than `timeouts.outboxClaim`. */
const TIMEOUT_MS = 15_000;

export interface PushDeliveryOptions {
  /** The server's signing key. */
  readonly key: Uint8Array;
  /** The server's address, by which push services know who sends. */
  readonly publicUrl: string;
  readonly transport?: Transport | undefined;
}

/**
 * Rings at the browsers of a visitor who is asked in. The message is encrypted for the browser; its push service cannot
 * read it. A ring that comes too late is dropped.
 */
export class PushDelivery implements OutboxReceiver<'push'> {
  readonly service = 'push';

  constructor(
    private readonly database: Database,
    private readonly options: PushDeliveryOptions,
  ) {}

  async deliver({ payload: { subscription } }: PushOrder, signal: AbortSignal): Promise<void> {
    const { key, publicUrl, transport = publicHttps } = this.options;
    const target = await readPushTarget(this.database, subscription);
    if (!target) return;
    const { endpoint, p256dh, auth, callback } = target;
    const { headers, body } = webPush.generateRequestDetails(
      { endpoint, keys: { p256dh, auth } },
      JSON.stringify({ code: callbackCode(key, callback) }),
      {
        vapidDetails: { subject: publicUrl, ...pushKeys(key) },
        TTL: timeouts.enterCallback,
        urgency: 'high',
      },
    );
    const { status } = await post(
      {
        url: endpoint,
        body: body ?? '',
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, String(value)]),
        ),
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        maxAnswerBytes: 0,
      },
      transport,
    );
    // The browser has taken the subscription back.
    if (status === 404 || status === 410) {
      await deletePushSubscription(this.database, subscription);
    } else if (status < 200 || status >= 300) {
      throw new Error(`the push service answered ${status}`);
    }
  }
}
