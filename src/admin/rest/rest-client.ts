import { RestError } from './rest-error.ts';

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A body with the version under which it was read. */
export interface Versioned<T> {
  readonly body: T;
  /** The ETag of the answer; '' if the server gives none. */
  readonly etag: string;
}

interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Query;
  /** Sent as JSON; a file as it is. */
  readonly body?: unknown;
  /** The ETag that the change is made under. The server refuses it with 412 if there is a newer version. */
  readonly ifMatch?: string;
  readonly signal?: AbortSignal;
  /** The body has a password or a code. Then 401 may mean that this is wrong. */
  readonly checksSecret?: boolean;
}

/**
 * The console's way to `/api/v1`. The console's cookie says who asks. A failure is a RestError with a code.
 */
export class RestClient {
  /** Called when the server no longer knows the session. */
  onSessionLost: () => void = () => {};

  async get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    return (await this.read<T>(path, query, signal)).body;
  }

  /** Like `get`, with the ETag of the answer. */
  read<T>(path: string, query?: Query, signal?: AbortSignal): Promise<Versioned<T>> {
    return this.send<T>(path, { ...(query && { query }), ...(signal && { signal }) });
  }

  async send<T>(path: string, request: Request = {}): Promise<Versioned<T>> {
    const response = await this.#fetch(path, request);
    const text = await response.text();
    const body: unknown = text === '' ? null : parseJson(text);
    if (!response.ok) {
      const error = asError(response.status, body);
      const isLost = response.status === 401 && error.code === 'unauthorized';
      if (isLost && !request.checksSecret) this.onSessionLost();
      throw error;
    }
    return { body: body as T, etag: response.headers.get('etag') ?? '' };
  }

  async #fetch(path: string, { method = 'GET', query, body, ifMatch, signal }: Request) {
    const headers: Record<string, string> = {};
    const isFile = body instanceof Blob;
    if (body !== undefined) headers['content-type'] = isFile ? body.type : 'application/json';
    if (ifMatch) headers['if-match'] = ifMatch;
    if (method === 'POST') headers['idempotency-key'] = crypto.randomUUID();
    try {
      return await fetch(this.address(path, query), {
        method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        ...(body !== undefined && { body: isFile ? body : JSON.stringify(body) }),
        ...(signal && { signal }),
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new RestError('offline', 'The server cannot be reached.', 0, { cause: error });
    }
  }

  address(path: string, query: Query = {}): string {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
    }
    const text = search.toString();
    return `/api/v1${path}${text && `?${text}`}`;
  }
}

function asError(status: number, body: unknown): RestError {
  const { code = 'server-error', message = '' } = (body ?? {}) as Record<string, string>;
  return new RestError(code, message, status);
}

/** Null for a text that is no JSON, such as the page of a proxy. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // the status alone says what happened
  }
}
