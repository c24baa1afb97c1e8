import type { RestClient } from '../rest/rest-client.ts';
import { RestError } from '../rest/rest-error.ts';
import type { Person } from './person.ts';

export interface SignIn {
  readonly site: string;
  readonly username: string;
  readonly password: string;
  readonly code?: string;
}

const SITE_KEY = 'rtc-desk-console-site';

/** The sign-in of this browser. The token is in a cookie that no script can read. */
export class Session {
  constructor(private readonly rest: RestClient) {}

  /** The site of the last sign-in, else the server's only one; '' where a person has to name it. */
  async findSite(): Promise<string> {
    const known = new URLSearchParams(location.search).get('site') ?? localStorage.getItem(SITE_KEY);
    if (known) return known;
    try {
      return (await this.rest.get<{ site: string }>('/desk-config')).site;
    } catch (error) {
      if (error instanceof RestError && error.code !== 'offline') return '';
      throw error;
    }
  }

  /** Who is signed in; null: nobody. */
  async resume(site: string): Promise<Person | null> {
    this.rest.site = site;
    const current = await this.rest.get<{ agent: Person } | null>('/agent-sessions/current');
    return current?.agent ?? null;
  }

  async signIn({ site, ...credentials }: SignIn): Promise<Person> {
    const body = { ...credentials, site };
    const made = await this.rest.send<{ agent: Person }>('/agent-sessions', {
      method: 'POST',
      body,
    });
    this.rest.site = site;
    localStorage.setItem(SITE_KEY, site);
    return made.body.agent;
  }

  async signOut(): Promise<void> {
    await this.rest.send('/agent-sessions/current', { method: 'DELETE' });
  }
}
