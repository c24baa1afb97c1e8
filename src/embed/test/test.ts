/** The page `/test/<site>`: the device and network test. */
import { LOCALE_STATUS_EVENT, msg } from '@lit/localize';
import { CallTest } from '../call-test.ts';

const language = new URLSearchParams(location.search).get('lang');
if (language) document.documentElement.lang = language;

const main = document.createElement('main');
const heading = document.createElement('h1');
const test = new CallTest();
test.site = decodeURIComponent(location.pathname.split('/').pop() ?? '');
test.server = location.origin;
main.append(heading, test);
document.body.append(main);

const setTitle = () => {
  document.title = heading.textContent = msg('Test your devices');
};
// The texts of another language are loaded after the page.
window.addEventListener(LOCALE_STATUS_EVENT, setTitle);
setTitle();
