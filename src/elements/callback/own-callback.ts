import type {
  CallbackConsent,
  OwnCallback,
  PushSubscription,
} from '../../protocol/rest/own-callback.ts';
import { visitorRequest } from '../parts/visitor-request.ts';

/** The server knows no such code, or what it opened was deleted. */
export class UnknownCodeError extends Error {
  override readonly name = 'UnknownCodeError';
}

/** The callback of a visitor who has its code, over REST. */
export class OwnCallbackClient {
  constructor(
    /** The desk's address. */
    private readonly server: string,
    readonly code: string,
  ) {}

  /** Rejects with an UnknownCodeError, and with another error if the server does not answer. */
  async read(signal: AbortSignal): Promise<OwnCallback> {
    return (await this.#send('GET', '', { signal })).json() as Promise<OwnCallback>;
  }

  async cancel(): Promise<void> {
    await this.#send('DELETE', '');
  }

  /** Agrees to the site's text of this version. */
  async agree(version: string): Promise<void> {
    await this.#send('PUT', '/consent', {
      body: JSON.stringify({ version } satisfies CallbackConsent),
      headers: { 'content-type': 'application/json' },
    });
  }

  async subscribe(subscription: PushSubscription): Promise<void> {
    await this.#send('PUT', '/push-subscription', {
      body: JSON.stringify(subscription),
      headers: { 'content-type': 'application/json' },
    });
  }

  async #send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const response = await visitorRequest(this.server, `own-callback${path}`, this.code, {
      method,
      ...init,
    });
    if (response.status === 401 || response.status === 404) throw new UnknownCodeError();
    if (!response.ok) throw new Error(`own-callback answered ${response.status}`);
    return response;
  }
}
