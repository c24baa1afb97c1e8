import { parse } from 'secure-json-parse';
import { Webhook } from 'standardwebhooks';
import { post, publicHttps, type Transport } from '../outgoing/post.ts';
import { signedHeaders } from '../outgoing/signed-headers.ts';
import { timeouts } from '../settings/timeouts.ts';

export interface OutgoingRequest {
  readonly url: string;
  /** Unique: the receiver can tell a request that comes twice. */
  readonly id: string;
  readonly body: object;
  /** The site's secret. */
  readonly secret: string;
}

export type RequestAnswer =
  | { readonly exit: 'ok'; readonly answer: unknown }
  | { readonly exit: 'error'; readonly why: string }
  | { readonly exit: 'timeout' };

/** Of an answer, in bytes. */
const MAX_ANSWER_BYTES = 64 * 1024;
const TIMEOUT_MS = timeouts.flowRequest * 1_000;

/**
 * Posts JSON, signed as the Standard Webhooks specification says, with the site's secret as the key. Every status but
 * 2xx is an error, also a redirect. The promise never rejects.
 */
export async function sendRequest(
  { url, id, body, secret }: OutgoingRequest,
  transport: Transport = publicHttps,
  timeoutMs = TIMEOUT_MS,
): Promise<RequestAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const text = JSON.stringify(body);
    const headers = signedHeaders(id, text, [new Webhook(secret, { format: 'raw' })]);
    const maxAnswerBytes = MAX_ANSWER_BYTES + 1;
    const answer = await post({ url, body: text, headers, signal, maxAnswerBytes }, transport);
    if (answer.status < 200 || answer.status > 299) throw new Error(`status ${answer.status}`);
    if (Buffer.byteLength(answer.body) > MAX_ANSWER_BYTES) {
      throw new Error(`an answer over ${MAX_ANSWER_BYTES} bytes`);
    }
    return { exit: 'ok', answer: parse(answer.body || 'null') as unknown };
  } catch (error) {
    if (signal.aborted) return { exit: 'timeout' };
    return { exit: 'error', why: (error as Error).message };
  }
}
