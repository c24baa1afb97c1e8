import { Cancellation } from '../../platform/cancellation.ts';
import type { HttpRequest, HttpResponse, Picture, Platform } from '../../platform/platform.ts';
import { isErrorCode } from '../../protocol/error-codes.ts';
import { RtcDeskError, type ErrorCode } from '../../protocol/errors.ts';
import type { ChatImage } from '../../protocol/views.ts';
import { asRtcDeskError } from '../as-rtc-desk-error.ts';
import type { RoomLink } from './link.ts';

/** Enough for a large picture over a slow connection. */
const TIMEOUT_MS = 120_000;
/** From an interrupted upload to the next attempt. */
const RETRY_MS = 2_000;
const MAX_ATTEMPTS = 4;

export interface RoomPicturesOptions {
  readonly platform: Platform;
  /** The desk's address. */
  readonly server: string;
  readonly room: number;
  /** The newest bearer. */
  readonly token: () => string;
  readonly link: RoomLink;
  /** Cancelled when the room is left. */
  readonly left: Cancellation;
}

/** A room's pictures on the server, sent and fetched with the bearer of the chat ticket. */
export class RoomPictures {
  readonly #options: RoomPicturesOptions;
  readonly #address: string;

  constructor(options: RoomPicturesOptions) {
    const { platform, server, room } = options;
    this.#options = options;
    this.#address = platform.resolve(`/api/v1/rooms/${room}/images`, server);
  }

  /** Tries an interrupted upload again while we are in the room. A refusal is final. */
  async upload(image: Picture): Promise<ChatImage> {
    const { link, left } = this.#options;
    const headers = { 'content-type': image.type || 'application/octet-stream' };
    const request = { method: 'POST', address: this.#address, headers, body: image } as const;
    for (let attempt = 1; ; attempt++) {
      await link.untilEntered();
      try {
        return (await this.#ask(request, (response) => response.json())) as ChatImage;
      } catch (error) {
        const interrupted = error instanceof RtcDeskError && error.code === 'offline';
        if (!interrupted || left.cancelled || attempt === MAX_ATTEMPTS) throw error;
      }
      await this.#pause(RETRY_MS);
    }
  }

  /** Ends early when the room is left. */
  #pause(ms: number): Promise<void> {
    const { platform, left } = this.#options;
    return new Promise((resolve) => {
      if (left.cancelled) return resolve();
      const stop = left.onCancel(() => {
        cancel();
        resolve();
      });
      const cancel = platform.clock.after(ms, () => {
        stop();
        resolve();
      });
    });
  }

  download(id: string): Promise<Picture> {
    const address = `${this.#address}/${encodeURIComponent(id)}`;
    const request = { method: 'GET', address, headers: {} } as const;
    return this.#ask(request, (response) => response.picture());
  }

  async #ask<V>(
    request: Omit<HttpRequest, 'cancellation'>,
    read: (response: HttpResponse) => Promise<V>,
  ): Promise<V> {
    const { platform, token, left } = this.#options;
    const cancellation = new Cancellation();
    const cancel = () => cancellation.cancel();
    const stops = [platform.clock.after(TIMEOUT_MS, cancel)];
    // Leaving the room stops an upload. A download goes on: the conversation stays readable.
    if (request.body) stops.push(left.onCancel(cancel));
    try {
      const headers = { ...request.headers, authorization: `Bearer ${token()}` };
      const response = await platform.request({ ...request, headers, cancellation });
      if (response.status >= 300) throw new RtcDeskError(await errorOf(response));
      return await read(response);
    } catch (error) {
      throw asRtcDeskError(error, 'offline');
    } finally {
      for (const stop of stops) stop();
    }
  }
}

async function errorOf(response: HttpResponse): Promise<ErrorCode> {
  try {
    const { code } = (await response.json()) as { code?: unknown };
    if (isErrorCode(code)) return code;
  } catch {
    // Not an answer of the desk, perhaps of a proxy: only the status is known.
  }
  return errorOfStatus(response.status);
}

/** The error of a status that came without a code of ours. */
function errorOfStatus(status: number): ErrorCode {
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
