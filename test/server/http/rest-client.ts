/** Requests with a bearer token, as programs send them. */
export class RestClient {
  constructor(private readonly url: string) {}

  send(
    token: string,
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
  }

  async read<T>(token: string, path: string): Promise<T> {
    return (await (await this.send(token, 'GET', path)).json()) as T;
  }

  async etag(token: string, path: string): Promise<string> {
    return (await this.send(token, 'GET', path)).headers.get('etag') ?? '';
  }

  /** A change of what the caller has just read. */
  async change(token: string, method: string, path: string, body?: object): Promise<Response> {
    return this.send(token, method, path, body, { 'if-match': await this.etag(token, path) });
  }
}

export const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { code: string }).code;
