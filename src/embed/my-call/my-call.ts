/** The page `/my-call#code`: a visitor looks at a call that is over. */
import { LOCALE_STATUS_EVENT, msg } from '@lit/localize';
import { OwnCallCard } from '../../elements/own-call/own-call-card.ts';
import { OwnCallClient } from '../../elements/own-call/own-call-client.ts';

const language = new URLSearchParams(location.search).get('lang');
if (language) document.documentElement.lang = language;

customElements.define('rtc-own-call-card', OwnCallCard);
const main = document.createElement('main');
const heading = document.createElement('h1');
const card = new OwnCallCard();
card.client = new OwnCallClient(location.origin, location.hash.slice(1));
main.append(heading, card);
document.body.append(main);

const setTitle = () => {
  heading.textContent = msg('Your call');
  document.title = [msg('Your call'), card.siteName].filter(Boolean).join(' · ');
};
card.addEventListener('loaded', setTitle);
// The texts of another language are loaded after the page.
window.addEventListener(LOCALE_STATUS_EVENT, setTitle);
setTitle();
// Another code in the address is another call.
window.addEventListener('hashchange', () => location.reload());
