import { createHmac } from 'node:crypto';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { parse } from 'secure-json-parse';
import { timeouts } from '../settings/timeouts.ts';
import { isPublicAddress, lookupPublic } from './public-address.ts';

export interface OutgoingRequest {
  readonly url: string;
  /** Unique: the receiver can tell a request that comes twice. */
  readonly id: string;
  readonly body: object;
  /** The site's secret. */
  readonly secret: string;
}

/** How a request goes out. The default is HTTPS to public addresses. Tests give their own. */
export interface RequestTransport {
  open(
    url: URL,
    options: RequestOptions,
    answered: (answer: IncomingMessage) => void,
  ): ClientRequest;
  readonly lookup: NonNullable<RequestOptions['lookup']>;
  isAllowed(address: string): boolean;
  readonly timeoutMs: number;
}

export const publicHttps: RequestTransport = {
  open: httpsRequest,
  lookup: lookupPublic,
  isAllowed: isPublicAddress,
  timeoutMs: timeouts.flowRequest * 1_000,
};

export type RequestAnswer =
  | { readonly exit: 'ok'; readonly answer: unknown }
  | { readonly exit: 'error'; readonly why: string }
  | { readonly exit: 'timeout' };

/** Of an answer, in bytes. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Posts JSON, signed as the Standard Webhooks specification says, with the site's secret as the key. Every status but
 * 2xx is an error, also a redirect. The promise never rejects.
 */
export async function sendRequest(
  { url, id, body, secret }: OutgoingRequest,
  transport: RequestTransport = publicHttps,
): Promise<RequestAnswer> {
  const signal = AbortSignal.timeout(transport.timeoutMs);
  try {
    const text = JSON.stringify(body);
    const address = new URL(url);
    // A host that is an address is not looked up.
    const host = address.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) && !transport.isAllowed(host))
      throw new Error(`${host} is not a public address`);
    const headers = { 'content-type': 'application/json', ...signatureOf(id, text, secret) };
    const answer = await post(
      address,
      text,
      { headers, lookup: transport.lookup, signal },
      transport,
    );
    return { exit: 'ok', answer: parse(answer || 'null') as unknown };
  } catch (error) {
    if (signal.aborted) return { exit: 'timeout' };
    return { exit: 'error', why: (error as Error).message };
  }
}

function signatureOf(id: string, body: string, secret: string): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1_000);
  const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`);
  return {
    'webhook-id': id,
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': `v1,${signature.digest('base64')}`,
  };
}

function post(
  address: URL,
  body: string,
  options: RequestOptions,
  transport: RequestTransport,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = transport.open(address, { ...options, method: 'POST' }, (answer) => {
      readText(answer).then(resolve, reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function readText(answer: IncomingMessage): Promise<string> {
  const { statusCode = 0 } = answer;
  if (statusCode < 200 || statusCode > 299) {
    answer.destroy();
    throw new Error(`status ${statusCode}`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`an answer over ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
