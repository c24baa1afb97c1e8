/** The page `/desk/<site>`, or `/desk` on a server with one site: the agent desk alone, connected to the page that embeds it. */
import { LOCALE_STATUS_EVENT, msg } from '@lit/localize';
import { AgentDesk } from '../agent-desk.ts';
import { CrmLink } from './crm-link.ts';
import { readCrmOrigins } from './read-crm-origins.ts';

const query = new URLSearchParams(location.search);
const language = query.get('lang');
const theme = query.get('theme');

if (language) document.documentElement.lang = language;

const desk = new AgentDesk();
const [, , site = null] = location.pathname.split('/');
desk.site = site;
if (language) desk.lang = language;
if (theme === 'light' || theme === 'dark') {
  desk.theme = theme;
  document.documentElement.style.colorScheme = theme;
}
// Comes before the desk is on the page, so that the CRM misses none of its events.
if (window.parent !== window) {
  new CrmLink({
    desk,
    crm: window.parent,
    readOrigins: () => readCrmOrigins(AgentDesk.defaultServer, site),
  });
}
const main = document.createElement('main');
const heading = document.createElement('h1');
main.append(heading, desk);
document.body.append(main);

const setTitle = () => {
  document.title = heading.textContent = msg('Agent desk');
};
// The texts of another language are loaded after the page.
window.addEventListener(LOCALE_STATUS_EVENT, setTitle);
setTitle();
