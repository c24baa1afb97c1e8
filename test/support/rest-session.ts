/** The REST interface of a running server, as one person who is signed in by password. */
export class RestSession {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  static async signIn(
    url: string,
    site: string,
    username: string,
    password: string,
  ): Promise<RestSession> {
    const session = new RestSession(url, '');
    const body = { site, username, password };
    const { token } = await session.send<{ token: string }>('POST', '/agent-sessions', body);
    return new RestSession(url, token);
  }

  /** A change is made whatever version is there. Rejects where the server refuses. */
  async send<T = unknown>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        ...(this.token !== '' && { authorization: `Bearer ${this.token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...(method === 'PATCH' && { 'if-match': '*' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as T;
  }

  /** A file. */
  async read(path: string): Promise<Buffer> {
    const headers = { authorization: `Bearer ${this.token}` };
    const response = await fetch(`${this.url}/api/v1${path}`, { headers });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }
}
