import type { ChallengeAnswer, ChallengeVerifier } from './challenge.ts';

const SITEVERIFY = 'https://challenges.cloudflare.com/turnstile/v0/siteverify';
const REQUEST_TIMEOUT_MS = 5_000;
/** The answer is a small JSON object. */
const MAX_RESPONSE_BYTES = 16 * 1024;
/** Requests at a time. Everybody can send answers, and each costs a request. */
const MAX_REQUESTS = 32;
/** Faults of this server's request or of Cloudflare, not of the visitor's answer. */
const SERVER_FAULTS: ReadonlySet<unknown> = new Set([
  'missing-input-secret',
  'invalid-input-secret',
  'bad-request',
  'internal-error',
]);

interface Verdict {
  readonly success?: unknown;
  readonly 'error-codes'?: unknown;
}

/**
 * Cloudflare Turnstile, by its documented siteverify API. The visitor's address is not sent: Cloudflare has seen it
 * already, and does not need it.
 */
export class Turnstile implements ChallengeVerifier {
  #requests = 0;

  /** `address` and `timeoutMs` are for tests. */
  constructor(
    private readonly address = SITEVERIFY,
    private readonly timeoutMs = REQUEST_TIMEOUT_MS,
  ) {}

  async verify(given: ChallengeAnswer): Promise<boolean> {
    if (this.#requests >= MAX_REQUESTS) throw new Error('Too many answers are being verified.');
    this.#requests += 1;
    try {
      return verdictOf(JSON.parse(await this.#ask(given)));
    } finally {
      this.#requests -= 1;
    }
  }

  async #ask({ secretKey, answer, requestId }: ChallengeAnswer): Promise<string> {
    const response = await fetch(this.address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ secret: secretKey, response: answer, idempotency_key: requestId }),
      // A redirect would hand the secret to another host.
      redirect: 'error',
      signal: AbortSignal.timeout(this.timeoutMs),
    });
    // Siteverify says with status 400 that a request is wrong, and why in the body.
    if (!response.ok && response.status !== 400) {
      await response.body?.cancel();
      throw new Error(`Turnstile answered with status ${response.status}.`);
    }
    return readBounded(response);
  }
}

async function readBounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > MAX_RESPONSE_BYTES) throw new Error('Turnstile’s answer is too large.');
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function verdictOf(value: unknown): boolean {
  const { success, 'error-codes': codes } = (value ?? {}) as Verdict;
  if (success === true) return true;
  if (success !== false || !Array.isArray(codes)) {
    throw new Error('Turnstile’s answer is not understood.');
  }
  const fault = codes.find((code) => SERVER_FAULTS.has(code)) as string | undefined;
  if (fault !== undefined) throw new Error(`Turnstile refuses the request: ${fault}.`);
  return false;
}
