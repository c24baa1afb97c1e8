import { Webhook } from 'standardwebhooks';
import type { Database } from '../database/database.ts';
import type { OutboxReceiver } from '../outbox/outbox-delivery.ts';
import type { WebhookOrder } from '../outbox/outbox.ts';
import { signedHeaders } from '../outgoing/signed-headers.ts';
import { post, publicHttps, type PostAnswer, type Transport } from '../outgoing/post.ts';
import { timeouts } from '../settings/timeouts.ts';
import { disableGoneEndpoint } from './disable-endpoint.ts';
import { endpointSecret } from './endpoint-secret.ts';
import { eventBody, readEvent, type EventToDeliver } from './event-body.ts';

/** Shorter than `timeouts.outboxClaim`. */
const TIMEOUT_MS = 15_000;
/** Of an answer, kept for the people who look after the endpoint. */
const MAX_ANSWER_BYTES = 1_000;

interface Attempt {
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
}

const RECORD = `
update webhook_deliveries
   set attempts = attempts + 1, attempted_at = now(), status = $3, error = $4, answer = $5,
       state = case when $3 between 200 and 299 then 'delivered' when attempts + 1 > $6 then 'failed' else 'waiting' end
 where endpoint_id = $1 and event_id = $2
returning state`;

export interface WebhookDeliveryOptions {
  /** The server's address, for links that a site sends to its visitors. Null: the events have none. */
  readonly publicUrl?: string | null | undefined;
  readonly transport?: Transport | undefined;
  readonly timeoutMs?: number | undefined;
}

/**
 * Posts events to the endpoints of sites, signed by the Standard Webhooks specification. Only an answer with 2xx counts
 * as delivered. 410 switches the endpoint off. After the last attempt a delivery has failed, and people can send it
 * again.
 */
export class WebhookDelivery implements OutboxReceiver<'webhook'> {
  readonly service = 'webhook';

  constructor(
    private readonly database: Database,
    /** The server's signing key. */
    private readonly key: Uint8Array,
    private readonly options: WebhookDeliveryOptions = {},
  ) {}

  async deliver({ payload }: WebhookOrder, signal: AbortSignal): Promise<void> {
    const { endpoint, event } = payload;
    const { publicUrl = null } = this.options;
    const due = await readEvent(this.database, { endpoint, event, key: this.key, publicUrl });
    if (!due || due.disabled) return;
    const attempt = await this.#attempt(endpoint, due, signal);
    // This node stops: another one delivers.
    signal.throwIfAborted();
    const { rows } = await this.database.query<{ state: string }>(RECORD, [
      endpoint,
      event,
      attempt.status,
      attempt.error,
      attempt.answer,
      timeouts.webhookRetries.length,
    ]);
    if (attempt.status === 410) await disableGoneEndpoint(this.database, endpoint);
    else if (rows[0]?.state === 'waiting') {
      throw new Error(attempt.error ?? `the endpoint answered ${attempt.status}`);
    }
  }

  async #attempt(endpoint: string, due: EventToDeliver, stop: AbortSignal): Promise<Attempt> {
    const { transport = publicHttps, timeoutMs = TIMEOUT_MS } = this.options;
    const body = eventBody(due);
    const versions = [due.secret_version, ...(due.previous_secret ? [due.secret_version - 1] : [])];
    const signers = versions.map(
      (version) => new Webhook(endpointSecret(this.key, endpoint, version)),
    );
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      const { status, body: answer }: PostAnswer = await post(
        {
          url: due.url,
          body,
          headers: signedHeaders(`evt_${due.public_id}`, body, signers),
          signal: AbortSignal.any([stop, timeout]),
          maxAnswerBytes: MAX_ANSWER_BYTES,
        },
        transport,
      );
      // PostgreSQL stores no NUL.
      return { status, error: null, answer: answer.replaceAll('\0', '') };
    } catch (error) {
      const reason = timeout.aborted
        ? `no answer within ${timeoutMs / 1_000} s`
        : (error as Error).message;
      return { status: null, error: reason, answer: null };
    }
  }
}
