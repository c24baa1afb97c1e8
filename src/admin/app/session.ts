import type { ConsoleSession, ConsoleSignIn } from '../../protocol/rest/console-session.ts';
import type { RestClient } from '../rest/rest-client.ts';

const SITE_KEY = 'rtc-desk-console-site';
const PATH = '/console/session';

/** The site of the last sign-in on this browser; '' before the first. */
export const rememberedSite = (): string =>
  new URLSearchParams(location.search).get('site') ?? localStorage.getItem(SITE_KEY) ?? '';

/** Who is signed in; null: nobody. The token is in a cookie that no script can read. */
export const resumeSession = (rest: RestClient): Promise<ConsoleSession | null> =>
  rest.get<ConsoleSession | null>(PATH);

export async function signIn(rest: RestClient, body: ConsoleSignIn): Promise<ConsoleSession> {
  const made = await rest.send<ConsoleSession>(PATH, { method: 'POST', body });
  localStorage.setItem(SITE_KEY, made.body.site.id);
  return made.body;
}

export async function signOut(rest: RestClient): Promise<void> {
  await rest.send(PATH, { method: 'DELETE' });
}
