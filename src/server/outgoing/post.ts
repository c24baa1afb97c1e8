import { request, type RequestOptions } from 'node:https';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isPublicAddress, lookupPublic } from './public-address.ts';

/** How a request goes out. The default is HTTPS to public addresses. Tests give their own. */
export interface Transport {
  open(
    url: URL,
    options: RequestOptions,
    answered: (answer: IncomingMessage) => void,
  ): ClientRequest;
  readonly lookup: NonNullable<RequestOptions['lookup']>;
  isAllowed(address: string): boolean;
}

export const publicHttps: Transport = {
  open: request,
  lookup: lookupPublic,
  isAllowed: isPublicAddress,
};

export interface PostRequest {
  readonly url: string;
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Of the answer. The rest is not read. */
  readonly maxAnswerBytes: number;
}

export interface PostAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Posts to an address that a site named. It follows no redirect, so that a public address leads to no private one.
 * Rejects if the host has no public address, if nobody answers, and with the signal's reason.
 */
export async function post(
  { url, body, headers, signal, maxAnswerBytes }: PostRequest,
  transport: Transport = publicHttps,
): Promise<PostAnswer> {
  const address = new URL(url);
  // A host that is an address is not looked up.
  const host = address.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) && !transport.isAllowed(host)) throw new Error(`${host} is not a public address`);
  const options = { method: 'POST', headers, lookup: transport.lookup, signal };
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = transport.open(address, options, resolve);
    sent.on('error', reject);
    sent.end(body);
  });
  return { status: answer.statusCode ?? 0, body: await readStart(answer, maxAnswerBytes) };
}

async function readStart(answer: IncomingMessage, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    // Leaving the loop destroys the answer.
    if (bytes >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString('utf8');
}
