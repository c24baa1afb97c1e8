import type {
  NewRating,
  OwnCall,
  OwnCallLedger,
  OwnConversation,
  OwnErasure,
  OwnRating,
} from '../../protocol/rest/own-call.ts';
import { visitorRequest } from '../parts/visitor-request.ts';

/** The server refused a request, or did not answer it. */
export class OwnCallError extends Error {
  override readonly name = 'OwnCallError';

  constructor(
    /** The HTTP status; 0 without an answer. */
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(`own-call answered ${status}`, options);
  }
}

/** A visitor's own call over REST. Each method rejects with an OwnCallError. */
export class OwnCallClient {
  constructor(
    /** The desk's address. */
    private readonly server: string,
    /** The key of the call, or the code of its page. */
    readonly token: string,
  ) {}

  async read(): Promise<OwnCall> {
    return (await this.#send('GET', '')).json() as Promise<OwnCall>;
  }

  async rate(rating: NewRating): Promise<OwnRating> {
    const response = await this.#send('PUT', '/rating', {
      body: JSON.stringify(rating),
      headers: { 'content-type': 'application/json' },
    });
    return response.json() as Promise<OwnRating>;
  }

  /** The visitor does not come back. It is sent even where the page is left at once. */
  async end(): Promise<void> {
    await this.#send('DELETE', '', { keepalive: true });
  }

  async readConversation(): Promise<OwnConversation> {
    return (await this.#send('GET', '/conversation')).json() as Promise<OwnConversation>;
  }

  async readLedger(): Promise<OwnCallLedger> {
    return (await this.#send('GET', '/ledger')).json() as Promise<OwnCallLedger>;
  }

  /** Orders the erasure of the call. */
  async erase(): Promise<OwnErasure> {
    return (await this.#send('POST', '/erasure')).json() as Promise<OwnErasure>;
  }

  /** The state of the erasure. Rejects with the status 404 if nobody has ordered one. */
  async readErasure(): Promise<OwnErasure> {
    return (await this.#send('GET', '/erasure')).json() as Promise<OwnErasure>;
  }

  /** The address of the page that shows the call, with its code. */
  pageAddress(code: string): string {
    return new URL(`/my-call#${code}`, this.server).href;
  }

  /** The address of the conversation as a file, or of one of its pictures. */
  fileAddress({ fileCode }: OwnConversation, picture?: string): string {
    const path = picture === undefined ? 'conversation/file' : `pictures/${picture}`;
    return new URL(`/api/v1/own-call/${path}?code=${fileCode}`, this.server).href;
  }

  async #send(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const response = await visitorRequest(this.server, `own-call${path}`, this.token, {
      method,
      ...init,
    }).catch((cause: unknown) => {
      throw new OwnCallError(0, { cause });
    });
    if (!response.ok) throw new OwnCallError(response.status);
    return response;
  }
}

/** Lets the browser save what was said: the server answers with a file, so that the page stays. */
export async function saveConversation(client: OwnCallClient): Promise<void> {
  const link = document.createElement('a');
  link.href = client.fileAddress(await client.readConversation());
  link.click();
}
