import { RtcDeskError, isErrorCode, type ErrorCode } from '../../protocol/errors.ts';
import type { ChatImage } from '../../protocol/views.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';

/** A large picture over a slow line, and no longer. */
const DEADLINE = 120_000;

/** What a status means that came without a code of ours. */
function meaning(status: number): ErrorCode {
  switch (status) {
    case 401:
    case 403:
      return 'forbidden';
    case 404:
      return 'not-found';
    case 413:
      return 'image-too-large';
    case 415:
      return 'image-not-supported';
    case 429:
      return 'rate-limited';
    default:
      return 'server-error';
  }
}

/** A room's pictures on the server: sent and fetched with the bearer of the chat ticket. */
export class RoomPictures {
  readonly #address: string;

  constructor(
    server: string,
    room: number,
    private readonly token: () => string,
    private readonly left: AbortSignal,
  ) {
    this.#address = new URL(`/api/v1/rooms/${room}/images`, server).href;
  }

  async upload(image: Blob): Promise<ChatImage> {
    const type = image.type || 'application/octet-stream';
    const init = { method: 'POST', body: image, headers: { 'content-type': type } };
    return this.#ask('', init, (response) => response.json() as Promise<ChatImage>);
  }

  download(id: string): Promise<Blob> {
    return this.#ask(`/${encodeURIComponent(id)}`, {}, (response) => response.blob());
  }

  async #ask<V>(
    path: string,
    init: { method?: string; body?: Blob; headers?: Record<string, string> },
    read: (response: Response) => Promise<V>,
  ): Promise<V> {
    const cut = new AbortController();
    const abort = () => cut.abort();
    const deadline = setTimeout(abort, DEADLINE);
    // A picture that was said may still be looked at when the call is over; one under way is not sent then.
    if (init.method) this.left.addEventListener('abort', abort);
    try {
      const headers = { ...init.headers, authorization: `Bearer ${this.token()}` };
      const response = await fetch(this.#address + path, { ...init, headers, signal: cut.signal });
      if (!response.ok) throw new RtcDeskError(await codeOf(response));
      return await read(response);
    } catch (error) {
      throw asRtcDeskError(error, 'offline');
    } finally {
      clearTimeout(deadline);
      this.left.removeEventListener('abort', abort);
    }
  }
}

async function codeOf(response: Response): Promise<ErrorCode> {
  try {
    const { code } = (await response.json()) as { code?: unknown };
    if (isErrorCode(code)) return code;
  } catch {
    // Not an answer of the desk's own, a proxy's perhaps: the status has to do.
  }
  return meaning(response.status);
}
